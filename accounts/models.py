from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.mailbox import AddressField, Mailbox, tidied


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=tidied(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        """Find a person by e-mail whatever the case, because people type it in any case."""
        return self.get(email__iexact=tidied(email or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. The e-mail address is the login; there is no user name."""

    # For the history of the administration (office.history).
    names_a_person = True

    email = AddressField(
        _("E-Mail-Adresse"),
        unique=True,
        error_messages={
            "unique": _(
                "Mit dieser E-Mail-Adresse gibt es schon ein Konto. Bitte suchen Sie es in der Liste der Konten."
            )
        },
    )
    name = models.CharField(_("Name"), max_length=150, blank=True)
    is_staff = models.BooleanField(
        _("Zugang zur Verwaltung"),
        default=False,
        help_text=_("Darf sich in der Verwaltung anmelden."),
    )
    is_active = models.BooleanField(
        _("aktiv"),
        default=True,
        help_text=_("Statt ein Konto zu löschen, kann es hier stillgelegt werden."),
    )
    date_joined = models.DateTimeField(_("angelegt am"), default=timezone.now, editable=False)
    # From before a mailbox had one account only. Ends when the account gets a mailbox of its own.
    shares_mailbox = models.BooleanField(
        _("teilt sich ein Postfach mit einem älteren Konto"), default=False, editable=False
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_email_unique_whatever_the_case",
                violation_error_message=_("Mit dieser E-Mail-Adresse gibt es schon ein Konto."),
            ),
            models.UniqueConstraint(
                Mailbox("email"),
                condition=models.Q(shares_mailbox=False),
                name="accounts_one_account_per_mailbox",
                violation_error_message=_("Für dieses Postfach gibt es schon ein Konto."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class NetworkUse(models.Model):
    """That a form was sent from some network, to notice a person who floods us.

    The network stands here as a keyed hash whose key changes daily, and the row goes after a day:
    no one can work out an address from it, or follow one from day to day.
    """

    form = models.CharField(max_length=30)
    network = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    # What was stored, for limits on what a network holds at a time; names no person.
    reference = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("Absendung aus einem Netz")
        verbose_name_plural = _("Absendungen je Netz")
        indexes = [models.Index(fields=["network", "form", "at"], name="accounts_network_use")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%d.%m.%Y %H:%M}"


class Tally(models.Model):
    """How often something happened within a span of time, behind a hash that tells nothing of it."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    over_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("Zählung")
        verbose_name_plural = _("Zählungen")

    def __str__(self) -> str:
        return f"{self.number}"
