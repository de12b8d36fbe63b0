from django.urls import path

from communities.views import unsubscribing

app_name = "communities"

urlpatterns = [
    path("abbestellen/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
]
