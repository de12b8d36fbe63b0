"""The addresses of Start Smart. Those with a token stand in e-mails: `consulting.links.Purpose`."""

from django.urls import path, register_converter

from consulting.views import feed, offer, self_service, wizard


class PartConverter:
    regex = "kommune|anliegen|termin|kontakt"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PartConverter, "start_smart_part")

app_name = "consulting"
urlpatterns = [
    path("", offer.offer, name="offer"),
    path("anfrage/", wizard.begin, name="request"),
    path("anfrage/pruefen/", wizard.review, name="review"),
    path("anfrage/abgesendet/", wizard.sent, name="sent"),
    path("anfrage/spaeter/", wizard.later, name="later"),
    path("anfrage/<start_smart_part:slug>/", wizard.part, name="part"),
    path("bestaetigen/<str:token>/", self_service.confirm, name="confirm"),
    path("ansehen/<str:token>/", self_service.see, name="see"),
    path("ansehen/<str:token>/termin.ics", self_service.ics, name="ics"),
    path("verschieben/<str:token>/", self_service.reschedule, name="reschedule"),
    path("absagen/<str:token>/", self_service.cancel, name="cancel"),
    path("vorschlag/<str:token>/", self_service.answer, name="answer"),
    path("rueckmeldung/<str:token>/", self_service.rate, name="rate"),
    path("antworten/<str:token>/", self_service.write, name="write"),
    path("kalender/<str:token>.ics", feed.advisor_feed, name="advisor_calendar"),
    path("fortsetzen/<str:token>/", wizard.resume, name="resume"),
]
