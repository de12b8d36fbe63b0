from django.urls import path

from communities.views import answering, joining, unsubscribing

app_name = "communities"

urlpatterns = [
    path("abbestellen/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    # Those with a token stand in e-mails: `communities.links.Purpose`.
    path("bestaetigen/<str:token>/", answering.confirm, name="confirm"),
    path("einladung/<str:token>/", answering.invitation, name="invitation"),
    path("zurueckziehen/<str:token>/", answering.withdraw, name="withdraw"),
    path("austreten/<str:token>/", answering.leave, name="leave"),
    path("<slug:slug>/mitmachen/", joining.join, name="join"),
    path("<slug:slug>/mitmachen/abgesendet/", joining.joined, name="joined"),
    path("<slug:slug>/<slug:group>/mitmachen/", joining.join, name="join_topic_group"),
    path(
        "<slug:slug>/<slug:group>/mitmachen/abgesendet/", joining.joined, name="joined_topic_group"
    ),
]
