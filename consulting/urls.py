"""The addresses of Start Smart. Those with a token stand in e-mails: `consulting.links.Purpose`."""

from django.urls import path, register_converter

from consulting.views import offer, wizard


class StepConverter:
    regex = "kommune|anliegen|termin|kontakt"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StepConverter, "start_smart_step")

app_name = "consulting"
urlpatterns = [
    path("", offer.offer, name="offer"),
    path("anfrage/", wizard.begin, name="request"),
    path("anfrage/pruefen/", wizard.review, name="review"),
    path("anfrage/abgesendet/", wizard.sent, name="sent"),
    path("anfrage/spaeter/", wizard.later, name="later"),
    path("anfrage/<start_smart_step:slug>/", wizard.step, name="step"),
    path("fortsetzen/<str:token>/", wizard.resume, name="resume"),
]
