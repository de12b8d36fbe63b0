from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ground.mailbox import AddressField
from ground.names import folded
from projects.models import Project, Theme
from projects.models.sourced import SourceNote


class CommunityKind(models.TextChoices):
    AEG = "aeg", _("Arbeits- und Entwicklungsgemeinschaft")
    TOPIC_GROUP = "themengruppe", _("Themengruppe")
    # Worked before the six AEGs were founded; one of them was counted as a seventh for a while.
    EARLIER = "fruehere-gruppe", _("frühere Arbeitsgruppe")


class CommunityState(models.TextChoices):
    ACTIVE = "active", _("aktiv")
    ARCHIVED = "archived", _("archiviert")


# What stands in addresses where the slug of a group could: `communities.urls`.
RESERVED_SLUGS = frozenset(
    [
        "abbestellen",
        "abgesendet",
        "austreten",
        "bestaetigen",
        "einladung",
        "erfahrungen",
        "ergebnisse",
        "intern",
        "mitmachen",
        "rundmails",
        "wieder-aufnehmen",
        "zurueckziehen",
    ]
)


class PartnerOrganisation(models.Model):
    """An organisation of the KTS consortium that supports communities."""

    name = models.CharField(
        _("Name"),
        max_length=150,
        unique=True,
        error_messages={
            "unique": _("Diese Organisation gibt es schon. Bitte wählen Sie sie aus der Liste.")
        },
    )
    role = models.CharField(_("Aufgabe"), max_length=200, blank=True)
    website = models.URLField(_("Website"), max_length=300, blank=True)
    source = models.CharField(_("Quelle"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("Partnerorganisation")
        verbose_name_plural = _("Partnerorganisationen")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CommunityQuerySet(models.QuerySet["Community"]):
    def active(self) -> Self:
        """Those that still work: people can join, mails go out."""
        return self.filter(state=CommunityState.ACTIVE)

    def top(self) -> Self:
        """The AEGs and earlier groups, without their topic groups."""
        return self.filter(parent=None)

    def in_order_of_full_name(self) -> Self:
        """Each community, then its topic groups: as they stand in lists that show a full name."""
        return self.select_related("parent").order_by(
            Coalesce("parent__sort_name", "sort_name"), "level", "sort_name", "pk"
        )

    def within(self, roots: models.QuerySet["Community"]) -> Self:
        """These communities and their topic groups: how rights flow down the tree."""
        pks = roots.values("pk")
        return self.filter(Q(pk__in=pks) | Q(parent__in=pks))


class Community(models.Model):
    """A community (AEG) or a topic group of one: a tree of exactly two levels.

    The database itself keeps the tree flat: a foreign key (in the first migration) lets a row only hang on
    one of level 1, and `level` is worked out from `parent`. So there is neither a third level nor a
    circle, no matter who writes. An archived community is still read, but no one joins and no mails go.
    """

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="topic_groups",
        verbose_name=_("gehört zu"),
        help_text=_("Nur bei Themengruppen: die Gemeinschaft, zu der sie gehört."),
    )
    level = models.GeneratedField(
        expression=Case(When(parent=None, then=Value(1)), default=Value(2)),
        output_field=models.SmallIntegerField(_("Ebene")),
        db_persist=True,
    )
    parent_level = models.GeneratedField(
        expression=Case(When(parent=None, then=Value(None)), default=Value(1)),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )
    kind = models.CharField(
        _("Art"), max_length=20, choices=CommunityKind, default=CommunityKind.TOPIC_GROUP
    )
    slug = models.SlugField(_("Adresse"), max_length=80)
    name = models.CharField(_("Name"), max_length=120)
    sort_name = models.GeneratedField(
        expression=folded("name"),
        output_field=models.CharField(_("Sortiername"), max_length=400),
        db_persist=True,
    )
    also_called = models.CharField(
        _("auch genannt"),
        max_length=300,
        blank=True,
        help_text=_("Andere Namen, durch Kommas getrennt."),
    )
    purpose = models.TextField(
        _("Woran die Gruppe arbeitet"), blank=True, help_text=_("Steht öffentlich auf ihrer Seite.")
    )
    questions = models.TextField(
        _("Leitfragen"), blank=True, help_text=_("Eine Frage je Zeile. Öffentlich.")
    )
    working_mode = models.TextField(
        _("Arbeitsweise"),
        blank=True,
        help_text=_("Wie oft und wie die Gruppe sich trifft. Öffentlich."),
    )
    theme = models.ForeignKey(
        Theme,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="communities",
        verbose_name=_("Thema"),
    )
    partners = models.ManyToManyField(
        PartnerOrganisation,
        through="PartnerSupport",
        related_name="communities",
        verbose_name=_("begleitende Partner"),
    )
    projects = models.ManyToManyField(
        Project, blank=True, related_name="communities", verbose_name=_("beteiligte Modellprojekte")
    )
    # Named by a source as examples of the topic. That is not the same as taking part.
    example_projects = models.ManyToManyField(
        Project,
        blank=True,
        related_name="example_for_communities",
        verbose_name=_("Beispiele für das Thema"),
    )
    founded_year = models.PositiveSmallIntegerField(_("gegründet im Jahr"), null=True, blank=True)
    founded_month = models.PositiveSmallIntegerField(_("und Monat"), null=True, blank=True)
    state = models.CharField(
        _("Stand"), max_length=10, choices=CommunityState, default=CommunityState.ACTIVE
    )
    archived_at = models.DateTimeField(_("archiviert am"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_groups",
        verbose_name=_("aufgegangen in"),
    )
    open_to_non_funded = models.BooleanField(
        _("offen für nicht geförderte Kommunen"),
        default=False,
        help_text=_("Wer nicht zu einem Modellprojekt gehört, darf dann auch anfragen."),
    )
    contact_name = models.CharField(_("Ansprechperson"), max_length=150, blank=True)
    contact_email = AddressField(_("E-Mail der Ansprechperson"), blank=True)
    # Public, so that no one takes for certain what only one source hints at.
    check_note = models.CharField(
        _("zu prüfen"),
        max_length=300,
        blank=True,
        help_text=_("Was noch geprüft werden muss. Steht öffentlich dabei."),
    )
    editors_note = models.TextField(
        _("Notiz der Redaktion"), blank=True, help_text=_("Nicht öffentlich.")
    )
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert am"), auto_now=True)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("Gemeinschaft oder Themengruppe")
        verbose_name_plural = _("Gemeinschaften und Themengruppen")
        ordering = ["sort_name", "pk"]
        permissions = [("work_on_communities", "Darf alle Gemeinschaften verwalten")]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "slug"],
                nulls_distinct=False,
                name="communities_address_is_unique",
                violation_error_message=_("Diese Adresse ist schon vergeben."),
            ),
            # What the migration's foreign key refers to.
            models.UniqueConstraint(
                fields=["id", "level"],
                name="communities_id_and_level",
                violation_error_message=_("Diese Gruppe gibt es schon."),
            ),
            models.CheckConstraint(
                condition=Q(kind=CommunityKind.TOPIC_GROUP, parent__isnull=False)
                | Q(kind__in=[CommunityKind.AEG, CommunityKind.EARLIER], parent=None),
                name="communities_topic_groups_belong_to_one",
                violation_error_message=_(
                    "Eine Themengruppe gehört zu einer Gemeinschaft, alle anderen gehören zu keiner."
                ),
            ),
            models.CheckConstraint(
                # Of the groups before the portal's time no one knows when they ended.
                condition=Q(state=CommunityState.ARCHIVED) | Q(archived_at=None),
                name="communities_only_archived_have_a_moment",
                violation_error_message=_(
                    "Einen Zeitpunkt der Archivierung hat nur eine archivierte Gruppe."
                ),
            ),
            models.CheckConstraint(
                condition=Q(founded_month=None)
                | Q(founded_month__range=(1, 12), founded_year__isnull=False),
                name="communities_founded_in_a_month_of_a_year",
                violation_error_message=_("Ein Monat (1 bis 12) gehört zu einem Jahr."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="communities_not_merged_into_itself",
                violation_error_message=_("Eine Gruppe kann nicht in sich selbst aufgehen."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        if self.parent_id:
            return reverse("communities:topic_group", args=[self.parent.slug, self.slug])
        return reverse("communities:detail", args=[self.slug])

    @property
    def members_area_url(self) -> str:
        if self.parent_id:
            slugs = [self.parent.slug, self.slug]
            return reverse("communities:members_area_of_topic_group", args=slugs)
        return reverse("communities:members_area", args=[self.slug])

    @property
    def full_name(self) -> str:
        """„Urbane Digitale Zwillinge: Mobilität“; reads the parent, select it along."""
        return f"{self.parent.name}: {self.name}" if self.parent_id else self.name

    @property
    def answers_to(self) -> str:
        """The public mailbox of those who coordinate it, its own or of the AEG above; else ""."""
        above = self.parent.contact_email if self.parent_id else ""
        return self.contact_email or above

    @property
    def is_active(self) -> bool:
        return self.state == CommunityState.ACTIVE

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("Unter dieser Adresse steht schon etwas anderes.")})
        if self.parent_id is None:
            return
        if self.parent_id == self.pk:
            raise ValidationError({"parent": _("Eine Gruppe kann nicht zu sich selbst gehören.")})
        if self.parent.parent_id:
            raise ValidationError(
                {"parent": _("Eine Themengruppe kann keine weitere Themengruppe enthalten.")}
            )
        if self.pk and self.topic_groups.exists():
            raise ValidationError(
                {"parent": _("Diese Gemeinschaft hat Themengruppen und kann keine werden.")}
            )


class PartnerSupport(models.Model):
    """That an organisation supports a community, with the source that says so."""

    community = models.ForeignKey(Community, models.CASCADE, related_name="supports")
    partner = models.ForeignKey(
        PartnerOrganisation, models.PROTECT, related_name="supports", verbose_name=_("Organisation")
    )

    class Meta:
        verbose_name = _("begleitende Organisation")
        verbose_name_plural = _("begleitende Organisationen")
        ordering = ["partner__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "partner"],
                name="communities_partner_once",
                violation_error_message=_("Diese Organisation begleitet die Gruppe schon."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} – {self.community}"


class CommunitySource(SourceNote):
    """Where the facts about a community come from."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="sources", verbose_name=_("Gemeinschaft")
    )

    class Meta(SourceNote.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["community", "text"],
                name="communities_source_once",
                violation_error_message=_("Diese Quelle ist schon genannt."),
            ),
        ]
