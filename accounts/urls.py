from django.urls import path, re_path

from accounts import held, views

urlpatterns = [
    path("", views.account, name="account"),
    # Before the page of allauth, which asks for no password.
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        views.ConfirmAddress.as_view(),
        name="account_confirm_email",
    ),
    path("weiter/", held.go_on, name="account_go_on"),
    path("name/", views.change_name, name="account_name"),
]
