from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SmartcitiesConfig(AppConfig):
    name = "smartcities"
    verbose_name = "Portal"


class PortalAdminConfig(AdminConfig):
    default_site = "smartcities.admin.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        self._leave_out_allauth()

    def _leave_out_allauth(self) -> None:
        """Take allauth's own pages off: they show secrets of second factors and speak two languages.

        What helping somebody needs of them is on the page of the account.
        """
        # Models can only be imported when every app is loaded.
        from allauth.account.models import EmailAddress  # noqa: PLC0415
        from allauth.mfa.models import Authenticator  # noqa: PLC0415
        from allauth.usersessions.models import UserSession  # noqa: PLC0415
        from django.contrib import admin  # noqa: PLC0415

        for model in (EmailAddress, Authenticator, UserSession):
            admin.site.unregister(model)
