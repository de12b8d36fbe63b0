from django.urls import path

from events.views import feeds, pages, unsubscribing

app_name = "events"

urlpatterns = [
    path("", pages.event_list, name="list"),
    path("kalender.ics", feeds.public_feed, name="calendar"),
    path("kalender/<str:token>.ics", feeds.personal_feed, name="personal_calendar"),
    path("abbestellen/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("<slug:slug>.ics", pages.single_calendar, name="ics"),
    path("<slug:slug>/", pages.event_detail, name="detail"),
]
