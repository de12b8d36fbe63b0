from django.urls import path, re_path

from accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    # Before the page of allauth, which asks for no password.
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        views.ConfirmAddress.as_view(),
        name="account_confirm_email",
    ),
    path("name/", views.change_name, name="account_name"),
]
