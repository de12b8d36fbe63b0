from django.urls import path

from subscribing import views

app_name = "subscribing"
urlpatterns = [
    path("abonnements/liste/<slug:name>/", views.subscribe, name="subscribe"),
    path("abonnements/liste/<slug:name>/abgesendet/", views.subscribed, name="subscribed"),
    path("abonnements/anmeldung/<slug:slug>/", views.await_opening, name="await_opening"),
    path(
        "abonnements/anmeldung/<slug:slug>/abgesendet/",
        views.awaiting_opening,
        name="awaiting_opening",
    ),
    # Those with a token stand in e-mails: `subscribing.links.Purpose`.
    path("abonnements/bestaetigen/<str:token>/", views.confirm, name="confirm"),
    path("abonnements/ansehen/<str:token>/", views.see, name="see"),
    path("abonnements/beenden/<str:token>/", views.end, name="end"),
]
