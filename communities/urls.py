from django.urls import path

from communities.views import (
    answering,
    experiences,
    joining,
    members,
    pages,
    results,
    taking_up,
    unsubscribing,
)

app_name = "communities"

urlpatterns = [
    path("abbestellen/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    # Those with a token stand in e-mails: `communities.links.Purpose`.
    path("bestaetigen/<str:token>/", answering.confirm, name="confirm"),
    path("einladung/<str:token>/", answering.invitation, name="invitation"),
    path("zurueckziehen/<str:token>/", answering.withdraw, name="withdraw"),
    path("austreten/<str:token>/", answering.leave, name="leave"),
    path("wieder-aufnehmen/<str:token>/", taking_up.take_up, name="take_up"),
    path("", pages.community_list, name="list"),
    path("ergebnisse/", results.result_list, name="results"),
    path("ergebnisse/<slug:slug>/", results.result_detail, name="result"),
    path("ergebnisse/<slug:slug>/datei/", results.result_file, name="result_file"),
    path(
        "ergebnisse/<slug:slug>/dateien/<int:pk>/",
        results.result_further_file,
        name="result_further_file",
    ),
    path("rundmails/dateien/<int:pk>/", members.message_file, name="message_file"),
    path("erfahrungen/", experiences.experience_list, name="experiences"),
    path("erfahrungen/eigene/", experiences.own_experiences, name="own_experiences"),
    path("erfahrungen/schreiben/", experiences.write_experience, name="write_experience"),
    path("erfahrungen/<int:pk>/", experiences.experience_detail, name="experience"),
    path("erfahrungen/<int:pk>/aendern/", experiences.edit_experience, name="edit_experience"),
    path("erfahrungen/<int:pk>/loeschen/", experiences.delete_experience, name="delete_experience"),
    path("<slug:slug>/mitmachen/", joining.join, name="join"),
    path("<slug:slug>/mitmachen/abgesendet/", joining.joined, name="joined"),
    path("<slug:slug>/<slug:group>/mitmachen/", joining.join, name="join_topic_group"),
    path(
        "<slug:slug>/<slug:group>/mitmachen/abgesendet/", joining.joined, name="joined_topic_group"
    ),
    path("<slug:slug>/", pages.community_detail, name="detail"),
    path("<slug:slug>/intern/", members.members_area, name="members_area"),
    path("<slug:slug>/<slug:group>/", pages.community_detail, name="topic_group"),
    path(
        "<slug:slug>/<slug:group>/intern/",
        members.members_area,
        name="members_area_of_topic_group",
    ),
]
