from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models.community import Community, CommunityState
from ground.mailbox import AddressField, Mailbox, mailbox_key
from projects.models import Municipality, Project


class Role(models.TextChoices):
    MEMBER = "mitglied", _("Mitglied")
    COORDINATION = "koordination", _("Koordination")
    SUPPORT = "begleitung", _("fachliche Begleitung")
    GUEST = "gast", _("Gast")


class MembershipState(models.TextChoices):
    REQUESTED = "angefragt", _("angefragt")
    INVITED = "eingeladen", _("eingeladen")
    ACTIVE = "aktiv", _("aktiv")
    DECLINED = "abgelehnt", _("abgelehnt")
    # By the person: the request taken back, the invitation turned down.
    WITHDRAWN = "zurueckgezogen", _("zurückgezogen")
    REFUSED = "ausgeschlagen", _("ausgeschlagen")
    LEFT = "ausgetreten", _("nicht mehr dabei")


# A person is, or may become, a member; the others are over and can begin anew.
LIVE = (MembershipState.REQUESTED, MembershipState.INVITED, MembershipState.ACTIVE)


class MailWish(models.TextChoices):
    """How a member wants the group's mails. What concerns their own membership always comes."""

    AT_ONCE = "sofort", _("jede Nachricht sofort")
    WEEKLY = "woechentlich", _("einmal in der Woche gesammelt, montags")
    NONE = "keine", _("keine Rundmails")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_mailbox(self, address: str) -> Self:
        """The rows of a mailbox; the one that new requests go to first."""
        found = self.alias(mailbox=Mailbox("email")).filter(mailbox=mailbox_key(address))
        return found.order_by("shares_mailbox", "pk")

    def each_mailbox_once(self) -> Self:
        """The oldest row of every mailbox."""
        rows = self.annotate(mailbox=Mailbox("email"))
        return rows.order_by("mailbox", "pk").distinct("mailbox")

    def with_everything(self) -> Self:
        """With all that e-mails and actions tell of a membership read along."""
        return self.select_related("community__parent", "user", "project", "municipality")

    def active(self) -> Self:
        return self.filter(state=MembershipState.ACTIVE)

    def of_user(self, user) -> Self:
        """The memberships of an account; no one's for a person who is not signed in."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def coordinating(self) -> Self:
        """Those that give the rights of a coordinator now."""
        return self.active().filter(
            role=Role.COORDINATION, community__state=CommunityState.ACTIVE, user__is_active=True
        )

    def waiting(self) -> Self:
        """Requests that a coordinator has to answer; one counts once its address is confirmed."""
        return self.filter(state=MembershipState.REQUESTED, email_confirmed_at__isnull=False)

    def unconfirmed(self) -> Self:
        """Requests from addresses not yet proved to be theirs. Coordinators never see them."""
        return self.filter(state=MembershipState.REQUESTED, email_confirmed_at=None)


class Membership(models.Model):
    """That a person takes part in a community, wants to, or did.

    One row per address and community for ever: who comes back renews it. People without an account
    are members too and get the mails; `user` is set as soon as an account with the same confirmed
    address is known. `version` rises with every change, so that old links in mails die.
    """

    # For the history of the administration (office.history).
    names_a_person = True

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="memberships", verbose_name=_("Gruppe")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("Konto"),
    )
    name = models.CharField(_("Name"), max_length=150)
    email = AddressField(_("E-Mail-Adresse"))
    # From the time when eva@ and eva+1@ were two: a second row of a mailbox, kept as it is.
    shares_mailbox = models.BooleanField(
        _("teilt sich ein Postfach"), default=False, editable=False
    )
    role = models.CharField(_("Rolle"), max_length=20, choices=Role, default=Role.MEMBER)
    state = models.CharField(
        _("Stand"), max_length=20, choices=MembershipState, default=MembershipState.REQUESTED
    )
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("vertritt das Modellprojekt"),
    )
    municipality = models.ForeignKey(
        Municipality,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("vertritt die Kommune"),
    )
    organisation = models.CharField(
        _("Organisation"),
        max_length=200,
        blank=True,
        help_text=_("Wenn es weder ein Modellprojekt noch eine Kommune ist."),
    )
    is_visible = models.BooleanField(
        _("für andere Mitglieder sichtbar"),
        default=False,
        help_text=_("Nur mit Einverständnis der Person."),
    )
    mail_wish = models.CharField(
        _("Rundmails"), max_length=20, choices=MailWish, default=MailWish.AT_ONCE
    )
    message = models.TextField(_("Nachricht zur Anfrage"), max_length=2000, blank=True)
    reason = models.TextField(_("Begründung der Ablehnung"), max_length=2000, blank=True)
    # Whether the address is known to belong to the person: by a link in a mail, or by the account.
    email_confirmed_at = models.DateTimeField(
        _("Adresse bestätigt am"), null=True, blank=True, editable=False
    )
    requested_at = models.DateTimeField(
        _("angefragt am"), null=True, blank=True, editable=False, db_index=True
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("eingeladen von"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("entschieden von"),
    )
    changed_at = models.DateTimeField(_("Stand seit"), editable=False)
    # The coordinators were told once that this request is waiting for too long.
    nudged_at = models.DateTimeField(_("erinnert am"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("Fassung"), default=1, editable=False)
    # Set when the retention rule has emptied it; what is left can still be counted.
    anonymised_at = models.DateTimeField(
        _("anonymisiert am"), null=True, blank=True, editable=False
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mitgliedschaft")
        verbose_name_plural = _("Mitgliedschaften")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["community", "state"], name="communities_members_by_state"),
            models.Index(Mailbox("email"), name="communities_member_by_mailbox"),
        ]
        constraints = [
            models.UniqueConstraint(
                "community",
                Mailbox("email"),
                condition=Q(anonymised_at=None, shares_mailbox=False),
                name="communities_one_membership_per_address",
                violation_error_message=_("Mit dieser Adresse gibt es hier schon einen Eintrag."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values) & Q(state__in=MembershipState.values),
                name="communities_membership_is_known",
                violation_error_message=_("Diese Rolle oder diesen Stand gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=~Q(state=MembershipState.REQUESTED) | Q(requested_at__isnull=False),
                name="communities_request_has_a_moment",
                violation_error_message=_("Eine Anfrage hat einen Zeitpunkt, zu dem sie kam."),
            ),
            # Rights hang on a person who can sign in.
            models.CheckConstraint(
                condition=~Q(role=Role.COORDINATION)
                | ~Q(state=MembershipState.ACTIVE)
                | Q(user__isnull=False),
                name="communities_coordination_has_an_account",
                violation_error_message=_("Die Koordination braucht ein Konto."),
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | (
                    Q(name="", email="", organisation="", message="", reason="")
                    & Q(user=None)
                    & ~Q(state__in=LIVE)
                ),
                name="communities_anonymised_means_nothing_personal",
                violation_error_message=_(
                    "Eine anonymisierte Mitgliedschaft ist beendet und enthält nichts Persönliches mehr."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("ehemaliges Mitglied"))

    @property
    def represents(self) -> str:
        """Whom the person speaks for, in a word; reads project and municipality, select them along."""
        return str(self.project or self.municipality or self.organisation or "")


class HistoryKind(models.TextChoices):
    REQUESTED = "angefragt", _("Aufnahme angefragt")
    CONFIRMED = "bestaetigt", _("Adresse bestätigt")
    INVITED = "eingeladen", _("eingeladen")
    ACCEPTED = "angenommen", _("Einladung angenommen")
    APPROVED = "aufgenommen", _("aufgenommen")
    DECLINED = "abgelehnt", _("abgelehnt")
    WITHDRAWN = "zurueckgezogen", _("Anfrage zurückgezogen")
    REFUSED = "ausgeschlagen", _("Einladung ausgeschlagen")
    LEFT = "ausgetreten", _("ausgetreten")
    REMOVED = "entfernt", _("aus der Gruppe genommen")
    ROLE = "rolle", _("Rolle geändert")
    BROUGHT = "uebernommen", _("in eine andere Gruppe der Gemeinschaft übernommen")
    CORRECTED = "berichtigt", _("Name oder Adresse berichtigt")
    MERGED = "zusammengefuehrt", _("mit einer anderen Gruppe zusammengeführt")


class HistoryEntry(models.Model):
    """One change in the life of a membership: what, when, and by whom. Holds no names."""

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="history", verbose_name=_("Mitgliedschaft")
    )
    version = models.PositiveIntegerField(_("Fassung"))
    kind = models.CharField(_("Schritt"), max_length=20, choices=HistoryKind)
    at = models.DateTimeField(_("am"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("durch"),
    )

    class Meta:
        verbose_name = _("Schritt")
        verbose_name_plural = _("Schritte")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()
