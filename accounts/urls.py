from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("name/", views.change_name, name="account_name"),
]
