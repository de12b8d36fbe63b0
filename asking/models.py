"""What people ask or report: a question to a project, a question to the office, a fault on a page."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from ground.mailbox import AddressField, MailboxKeyField, mailbox_key
from projects.editing import has_editors
from projects.models import Municipality, Project, ReuseStatement, Solution, Theme


class Kind(models.TextChoices):
    PEER = "projekt", _("Frage an ein Modellprojekt")
    OFFICE = "frage", _("Frage an uns")
    FAULT = "fehler", _("Fehler auf einer Seite")


class State(models.TextChoices):
    UNCONFIRMED = "unbestaetigt", _("Adresse nicht bestätigt")
    WITH_PROJECT = "beim-projekt", _("beim Projekt")
    WITH_GROUP = "bei-gruppe", _("bei einer Gemeinschaft")
    WITH_REUSER = "bei-kommune", _("bei einer Kommune, die es nutzt")
    AT_OFFICE = "bei-uns", _("bei der Geschäftsstelle")
    ANSWERED = "beantwortet", _("beantwortet")
    TO_ADVICE = "start-smart", _("als Anfrage bei Start Smart")
    WITHDRAWN = "zurueckgezogen", _("zurückgezogen")


# With others, who are reminded, and whose time ends.
WITH_OTHERS = (State.WITH_PROJECT, State.WITH_GROUP, State.WITH_REUSER)
# Confirmed, and waiting for an answer.
OPEN = (*WITH_OTHERS, State.AT_OFFICE)
WITHDRAWABLE = (State.UNCONFIRMED, *OPEN, State.ANSWERED)


class AnsweredBy(models.TextChoices):
    PROJECT = "projekt", _("das Modellprojekt")
    GROUP = "gruppe", _("die Koordination einer Gemeinschaft")
    REUSER = "kommune", _("eine Kommune, die es nutzt")
    OFFICE = "geschaeftsstelle", _("die Geschäftsstelle")


class Helped(models.TextChoices):
    YES = "ja", _("Ja, das hilft uns weiter")
    PARTLY = "teils", _("Teils, teils")
    NO = "nein", _("Nein, das hilft uns nicht")


class QuestionQuerySet(models.QuerySet["Question"]):
    def with_everything(self) -> Self:
        """With all that e-mails and pages tell of it read along."""
        return self.select_related(
            "project", "solution", "theme", "municipality", "group__parent", "published",
            "reuse_statement__municipality",
        )  # fmt: skip

    def of_mailbox(self, address: str) -> Self:
        return self.filter(mailbox=mailbox_key(address))

    def confirmed(self) -> Self:
        """Those of which the address is proved, or that need none. Nobody sees the others."""
        return self.exclude(confirmed_at=None)

    def for_office(self) -> Self:
        return self.filter(state=State.AT_OFFICE)

    def out_of_time(self, today: date) -> Self:
        """Those with others who had until yesterday to answer."""
        return self.filter(state__in=WITH_OTHERS, due_on__lt=today)


class Question(models.Model):
    """From the form to the answer, and to whether it helped.

    `version` rises with every step: whoever acts on what they have read is told when it is not that
    any more. What becomes public of it is a row of its own, `PublicAnswer`.
    """

    kind = models.CharField(_("Art"), max_length=10, choices=Kind)
    project = models.ForeignKey(
        Project,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("Modellprojekt"),
    )
    solution = models.ForeignKey(
        Solution,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("Lösung"),
    )
    theme = models.ForeignKey(
        Theme,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("Thema"),
    )
    page = models.CharField(_("Seite"), max_length=300, blank=True)
    situation = models.TextField(_("wie die Lage ist"), max_length=1500, blank=True)
    text = models.TextField(_("Frage oder Hinweis"), max_length=2000)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("Kommune"),
    )
    # As the person wrote it, where no list has it.
    written = models.CharField(_("Kommune, wie geschrieben"), max_length=100, blank=True)
    name = models.CharField(_("Name"), max_length=150, blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    email = AddressField(_("E-Mail-Adresse"), blank=True)
    mailbox = MailboxKeyField(_("Postfach"), blank=True)
    may_publish = models.BooleanField(_("Antwort darf öffentlich werden"), default=False)
    may_name = models.BooleanField(_("mit dem Namen der Kommune"), default=False)
    state = models.CharField(_("Stand"), max_length=20, choices=State, default=State.UNCONFIRMED)
    asked_at = models.DateTimeField(_("abgesendet am"), editable=False)
    confirmed_at = models.DateTimeField(_("bestätigt am"), null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(_("Stand seit"), editable=False)
    due_on = models.DateField(_("Antwort bis"), null=True, blank=True, editable=False)
    # When those who have it now were reminded.
    reminded_at = models.DateTimeField(_("erinnert am"), null=True, blank=True, editable=False)
    # When it came back to the office, because others had not answered in time.
    passed_on_at = models.DateTimeField(
        _("ohne Antwort zurück am"), null=True, blank=True, editable=False
    )
    group = models.ForeignKey(
        Community,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="received_questions",
        verbose_name=_("Gemeinschaft"),
    )
    reuse_statement = models.ForeignKey(
        ReuseStatement,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("Kommune, die es nutzt"),
    )
    answer = models.TextField(_("Antwort"), max_length=8000, blank=True)
    called_on = models.DateField(_("angerufen am"), null=True, blank=True)
    answered_by = models.CharField(
        _("beantwortet von"), max_length=20, choices=AnsweredBy, blank=True
    )
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True, editable=False)
    helped = models.CharField(_("Hat es geholfen?"), max_length=10, choices=Helped, blank=True)
    helped_text = models.CharField(_("in eigenen Worten"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(_("Fassung"), default=1, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Frage oder Hinweis")
        verbose_name_plural = _("Fragen und Hinweise")
        ordering = ["due_on", "pk"]
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["mailbox"], name="asking_question_by_mailbox"),
            models.Index(fields=["state", "due_on"], name="asking_question_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values)
                & Q(state__in=State.values)
                & Q(answered_by__in=["", *AnsweredBy.values])
                & Q(helped__in=["", *Helped.values]),
                name="asking_question_is_known",
                violation_error_message=_("Diesen Stand gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="asking_question_says_something",
                violation_error_message=_("Bitte schreiben, worum es geht."),
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PEER, project__isnull=False)
                | ~Q(kind=Kind.PEER) & Q(project=None, solution=None),
                name="asking_question_goes_to_a_project",
                violation_error_message=_("Eine Frage an ein Modellprojekt nennt es."),
            ),
            models.CheckConstraint(
                condition=(Q(municipality=None) | Q(written=""))
                & (~Q(kind=Kind.PEER) | Q(municipality__isnull=False) | ~Q(written="")),
                name="asking_question_of_one_municipality",
                violation_error_message=_(
                    "Die Kommune ist eine aus der Liste oder steht so da, wie sie geschrieben wurde."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.FAULT) | ~Q(email="") & ~Q(name=""),
                name="asking_question_can_be_answered",
                violation_error_message=_("Wer fragt, nennt Namen und E-Mail-Adresse."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False)
                | Q(state__in=[State.UNCONFIRMED, State.WITHDRAWN]),
                name="asking_question_is_confirmed_first",
                violation_error_message=_("Erst wird die Adresse bestätigt."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, due_on__isnull=False)
                | ~Q(state__in=OPEN) & Q(due_on=None),
                name="asking_question_waits_until_a_day",
                violation_error_message=_(
                    "Eine Frist hat genau die Frage, die auf eine Antwort wartet."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ANSWERED)
                | ~Q(answered_by="")
                & Q(answered_at__isnull=False)
                & (~Q(answer="") | Q(called_on__isnull=False)),
                name="asking_answer_says_something",
                violation_error_message=_("Bitte die Antwort aufschreiben oder den Anruf nennen."),
            ),
            models.CheckConstraint(
                condition=Q(may_name=False) | Q(may_publish=True),
                name="asking_named_only_if_published",
                violation_error_message=_(
                    "Die Kommune wird nur genannt, wenn die Antwort öffentlich werden darf."
                ),
            ),
        ]

    def __str__(self) -> str:
        if self.kind == Kind.FAULT:
            return _t("Fehler: %(page)s") % {"page": self.page or _t("ohne Seite")}
        return f"{self.sender}: {self.about}" if self.sender else self.about

    @property
    def reaches_project(self) -> bool:
        """Whether the portal knows who edits the project, so that the question goes there."""
        return has_editors(self.project_id)

    @property
    def sender(self) -> str:
        """The Kommune; "" where it was not asked for. Reads it, select it along."""
        return self.municipality.name if self.municipality else self.written

    @property
    def about(self) -> str:
        """What it is about, in one line; reads project, solution and theme, select them along."""
        subject = self.solution or self.project or self.theme
        return subject.name if subject else str(self.get_kind_display())

    @property
    def page_url(self) -> str:
        """Of what it is about, as long as it is public."""
        if self.project and self.project.is_public:
            return (self.solution or self.project).get_absolute_url()
        return self.theme.get_absolute_url() if self.theme else reverse("projects:solutions")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_public(self) -> bool:
        """Whether question and answer stand on a page; reads them, select `published` along."""
        return getattr(self, "published", None) is not None

    def is_overdue(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


class PublicAnswerQuerySet(models.QuerySet["PublicAnswer"]):
    def public(self) -> Self:
        return self.filter(project__is_public=True)


class PublicAnswer(models.Model):
    """A question and its answer as they stand on a page, edited, and agreed to by who asked."""

    # Empty once what leads back to the person is deleted.
    source = models.OneToOneField(
        Question,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="published",
        verbose_name=_("Frage"),
        error_messages={
            "unique": _(
                "Diese Frage ist schon veröffentlicht. Bitte ändern Sie die Antwort, die schon dasteht."
            )
        },
    )
    project = models.ForeignKey(
        Project,
        models.CASCADE,
        editable=False,
        related_name="public_answers",
        verbose_name=_("Modellprojekt"),
    )
    solution = models.ForeignKey(
        Solution,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="public_answers",
        verbose_name=_("Lösung"),
    )
    text = models.TextField(_("Frage"), max_length=2000)
    answer = models.TextField(_("Antwort"), max_length=8000)
    # The Kommune, where it agreed to be named.
    asked_by = models.CharField(_("gefragt von"), max_length=120, blank=True, editable=False)
    answered_by = models.CharField(
        _("beantwortet von"), max_length=20, choices=AnsweredBy, editable=False
    )
    published_on = models.DateField(_("veröffentlicht am"), editable=False)

    objects = PublicAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("öffentliche Antwort")
        verbose_name_plural = _("öffentliche Antworten")
        ordering = ["-published_on", "-pk"]
        default_permissions = ("view", "change", "delete")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(answer=""),
                name="asking_public_answer_says_both",
                violation_error_message=_("Öffentlich werden Frage und Antwort."),
            ),
            models.CheckConstraint(
                condition=Q(answered_by__in=AnsweredBy.values),
                name="asking_public_answer_says_by_whom",
                violation_error_message=_("Bitte sagen, wer geantwortet hat."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        """Reads solution and project, select them along."""
        return f"{(self.solution or self.project).get_absolute_url()}#fragen"
