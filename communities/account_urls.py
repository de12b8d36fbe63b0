"""What belongs to an account, under /konto/gruppen/."""

from django.urls import path

from communities.views import my_groups

urlpatterns = [
    path("", my_groups.my_groups, name="my_groups"),
    path("<int:pk>/", my_groups.preferences, name="my_group_preferences"),
    path("<int:pk>/austreten/", my_groups.leave, name="my_group_leave"),
]
