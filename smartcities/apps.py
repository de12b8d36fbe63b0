from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate

from ground import slots


class SmartcitiesConfig(AppConfig):
    name = "smartcities"
    verbose_name = "Portal"

    def ready(self) -> None:
        # We write no signals elsewhere. This one is Django's only word that all tables and its
        # permissions exist: it makes them after migrating, so no migration can hand them out, and none
        # knows the tables of later ones. It tells one app after the other, in the order of
        # INSTALLED_APPS; auth comes after all of ours.
        from ground.stored_text import keep_clean  # noqa: PLC0415 - needs the models
        from smartcities.operations.upgrading import upgrades_in_order  # noqa: PLC0415 - likewise
        from smartcities.roles import keep_in_step  # noqa: PLC0415 - needs the models

        auth = apps.get_app_config("auth")
        post_migrate.connect(keep_in_step, sender=auth, dispatch_uid="smartcities.roles")
        post_migrate.connect(keep_clean, sender=auth, dispatch_uid="ground.stored_text")
        register(upgrades_in_order, Tags.database)
        if settings.SHOWS_ITS_MAILS:
            slots.fill("page.end", "tryout/to_mails.html")
        if settings.SENTRY_DSN:
            from smartcities.operations import error_reports  # noqa: PLC0415 - only where wanted

            error_reports.report_to(settings.SENTRY_DSN)


class PortalAdminConfig(AdminConfig):
    default_site = "smartcities.admin.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        self._leave_out_allauth()
        # Not from `smartcities.admin`: that is where the site to register with comes from.
        import smartcities.accessibility.admin  # noqa: PLC0415 - needs the models
        import smartcities.front.admin  # noqa: PLC0415 - needs the models
        import smartcities.handbook.fields  # noqa: PLC0415 - the same
        import smartcities.operations.admin  # noqa: PLC0415 - needs the models
        import smartcities.todos  # noqa: F401, PLC0415 - the same

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
