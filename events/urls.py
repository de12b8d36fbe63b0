from django.urls import path

from events.views import (
    attendance,
    documents,
    feeds,
    links,
    minutes,
    pages,
    registering,
    unsubscribing,
)

app_name = "events"

urlpatterns = [
    path("", pages.event_list, name="list"),
    path("kalender/", feeds.subscribe, name="subscribe"),
    path("kalender.ics", feeds.public_feed, name="calendar"),
    path("kalender/<str:token>.ics", feeds.personal_feed, name="personal_calendar"),
    path("anmeldung/ansehen/<str:token>/eintritt/", attendance.ticket, name="ticket"),
    path(
        "anmeldung/ansehen/<str:token>/bescheinigung.pdf", attendance.own_proof, name="certificate"
    ),
    path("abbestellen/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("anmeldung/bestaetigen/<str:token>/", links.confirm, name="confirm"),
    path("anmeldung/ansehen/<str:token>/", links.see, name="see"),
    path("anmeldung/ansehen/<str:token>/termin.ics", links.ics, name="registration_ics"),
    path("anmeldung/aendern/<str:token>/", links.change, name="change"),
    path("anmeldung/abmelden/<str:token>/", links.cancel, name="cancel"),
    path("anmeldung/annehmen/<str:token>/", links.accept, name="accept"),
    path("aufgabe/erledigt/<str:token>/", minutes.task_done_by_link, name="task_done_by_link"),
    path("<slug:slug>.ics", pages.single_calendar, name="ics"),
    path("<slug:slug>/", pages.event_detail, name="detail"),
    path("<slug:slug>/anmelden/", registering.register, name="register"),
    path("<slug:slug>/angemeldet/", registering.registered, name="registered"),
    path("<slug:slug>/unterlagen/<int:pk>/", documents.document, name="document"),
    path("<slug:slug>/protokoll/", minutes.minutes, name="minutes"),
    path("<slug:slug>/protokoll/dateien/<int:pk>/", minutes.minutes_file, name="minutes_file"),
    path("<slug:slug>/protokoll/aufgaben/<int:pk>/", minutes.task_done, name="task_done"),
]
