"""The links in the e-mails about a statement of reuse, as people and as mail scanners open them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from ground.refusals import Overtaken
from ground.signed_links import confirm_until
from mailing.models import Email
from projects import links
from projects.actions import judging, stating
from projects.actions.stating import Stated
from projects.links import Purpose
from projects.mail import reuse_statements
from projects.models import Project, ProjectEditor, Reuse, ReuseStatement, StatementState
from tests.factories import (
    MunicipalityFactory,
    ReuseStatementFactory,
    SolutionFactory,
    UserFactory,
)
from tests.signing import but_for_the_second
from tests.some import some

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
STATES = {
    Purpose.CONFIRM: {},
    Purpose.CHANGE: {"confirmed": True},
    Purpose.WITHDRAW: {"confirmed": True},
    Purpose.STILL_TRUE: {"confirmed": True},
}


def statement(purpose: Purpose, **values) -> ReuseStatement:
    stored = ReuseStatementFactory(**STATES[purpose] | values)
    if purpose is Purpose.STILL_TRUE:
        judging.publish(stored, now=timezone.now())
        ReuseStatement.objects.filter(pk=stored.pk).update(asked_at=timezone.now())
        Email.objects.all().delete()
    return ReuseStatement.objects.with_everything().get(pk=stored.pk)


def page(stored: ReuseStatement, purpose: Purpose, now: datetime | None = None) -> str:
    token = links.token_for(stored, purpose, now=now or timezone.now())
    return links.path(purpose, token)


def typed(stored: ReuseStatement, **values) -> dict[str, str]:
    facts = {name: value for name, value in stored.facts.items() if name != "is_planned"}
    return {"kind": "nutzt", "version": str(stored.version), **facts, **values}


def everything() -> dict[str, list]:
    """All rows of the catalogue, of the outbox and of the accounts."""
    models = [*apps.get_app_config("projects").get_models(), Email]
    models += apps.get_app_config("accounts").get_models()
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def every_mail() -> None:
    """Let every e-mail be written, by the steps that really write it."""
    now = timezone.now()
    solution = SolutionFactory()
    ProjectEditor.objects.create(project=solution.project, user=UserFactory())
    facts = {"is_planned": False, "how": "Im Bauhof.", "since": "2025"}

    def state(letter: str, town=None) -> ReuseStatement:
        town = town or MunicipalityFactory()
        stated = Stated(
            solution=solution, municipality=town, written="", facts=facts,
            email=f"{letter}@kommune.example",
        )  # fmt: skip
        return stating.state(stated, now=now)

    state("a")
    b, c, d = (stating.confirm(state(letter), now=now) for letter in "bcd")
    state("b", b.municipality)
    asked = judging.question(b, text="Welche Version?", now=now)
    answered = stating.change(asked, asked.facts, answer="Die zweite.", now=now)
    published = judging.publish(judging.agree(answered, now=now), now=now)
    judging.refuse(judging.object_to(c, text="Nein.", now=now), reason="Verwechslung.", now=now)
    stating.withdraw(d, now=now)
    again = ReuseStatement.objects.with_everything().get(pk=published.pk)
    stating.ask_whether_still_true(now=now + 366 * DAY)
    changed = stating.change(again, again.facts | {"how": "Im Rathaus."}, now=now)
    judging.pass_on(now=now + 30 * DAY)
    passed = ReuseStatement.objects.with_everything().get(pk=changed.pk)
    judging.refuse(passed, reason="Werbung.", now=now)


def test_opening_every_link_of_every_email_ten_times_changes_no_row(client):
    every_mail()
    written = {email.key.split(":")[3] for email in Email.objects.all()}
    assert set(reuse_statements.PURPOSES) - written == set()
    assert {"to_project", "project_withdrawn", "project_decided", "to_office"} <= written
    paths = {
        path
        for email in Email.objects.all()
        for path in re.findall(r"https?://[^/\s]+(/nachnutzung/[a-z-]+/[\w:-]+/)", email.text)
    }
    assert {path.split("/")[2] for path in paths} == {str(purpose) for purpose in Purpose}
    before = everything()

    for path in sorted(paths):
        for _time in range(10):
            assert client.get(path).status_code in (200, 410)
            assert client.head(path).status_code in (200, 410)

    assert everything() == before


def test_every_email_is_sent_as_text_and_as_html_with_the_same_addresses():
    every_mail()

    for email in some(Email.objects.all()):
        addresses = set(re.findall(r"https?://\S+?/(?=\s|$)", email.text))
        assert addresses or "project_" in email.key
        assert all(f'href="{address}"' in email.html for address in addresses), email.key
        assert "{{" not in email.text + email.subject
        assert "{%" not in email.text + email.subject


def test_no_page_behind_a_link_is_kept_anywhere_or_shows_the_address(client):
    for purpose in Purpose:
        stored = statement(purpose)
        answer = client.get(page(stored, purpose))
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert stored.email not in answer.text


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_for_one_purpose_opens_no_other(client, purpose):
    token = links.token_for(statement(purpose), purpose, now=timezone.now())
    before = everything()

    for other in set(Purpose) - {purpose}:
        assert client.post(links.path(other, token)).status_code == 404

    assert everything() == before


@pytest.mark.parametrize(
    ("purpose", "state"),
    [
        (Purpose.CONFIRM, StatementState.AT_OFFICE),
        (Purpose.WITHDRAW, StatementState.WITHDRAWN),
        (Purpose.STILL_TRUE, StatementState.PUBLISHED),
    ],
)
def test_posting_acts_once_and_the_link_then_says_so(client, purpose, state):
    stored = statement(purpose)
    path = page(stored, purpose)

    answer = client.post(path)
    mails = Email.objects.count()
    again = client.post(path)

    assert answer.status_code == 302
    assert answer["Location"] == stored.solution.get_absolute_url()
    current = ReuseStatement.objects.get(pk=stored.pk)
    assert (current.state, current.version) == (state, stored.version + 1)
    assert again.status_code == 200
    assert "Schon erledigt" in again.text
    assert Email.objects.count() == mails


def test_changing_acts_once_for_what_the_page_has_shown(client):
    stored = statement(Purpose.CHANGE)
    path = page(stored, Purpose.CHANGE)
    assert stored.how in client.get(path).text

    first = client.post(path, typed(stored, how="Im Rathaus."))
    mails = Email.objects.count()
    second = client.post(path, typed(stored, how="Im Rathaus."))

    assert first.status_code == 302
    assert second.status_code == 410
    assert "vielleicht durch eben diese Änderung" in second.text
    current = ReuseStatement.objects.get(pk=stored.pk)
    assert (current.how, current.version) == ("Im Rathaus.", stored.version + 1)
    assert Email.objects.count() == mails
    # The link goes on working, with what is so now.
    assert "Im Rathaus." in client.get(path).text


def test_a_question_is_answered_behind_the_link_to_change(client):
    stored = statement(
        Purpose.CHANGE,
        with_project=True,
        state=StatementState.QUESTIONED,
        question="Welche Version?",
    )
    ProjectEditor.objects.create(project=stored.solution.project, user=UserFactory())
    path = page(stored, Purpose.CHANGE)
    assert "Welche Version?" in client.get(path).text

    assert "Bitte beantworten Sie die Rückfrage" in client.post(path, typed(stored)).text
    assert client.post(path, typed(stored, answer="Die zweite.")).status_code == 302

    current = ReuseStatement.objects.get(pk=stored.pk)
    assert (current.state, current.answer) == (StatementState.WITH_PROJECT, "Die zweite.")


def test_who_is_asked_whether_it_still_holds_can_change_it_or_take_it_back_from_there(client):
    stored = statement(Purpose.STILL_TRUE)
    asked = client.get(page(stored, Purpose.STILL_TRUE)).text
    [changing] = re.findall(r'href="(/nachnutzung/aendern/[^"]+)"', asked)
    form = client.get(changing)
    [from_asked] = re.findall(r'href="(/nachnutzung/zurueckziehen/[^"]+)"', asked)
    [from_form] = re.findall(r'href="(/nachnutzung/zurueckziehen/[^"]+)"', form.text)

    assert form.status_code == 200
    assert but_for_the_second(from_asked) == but_for_the_second(from_form)
    assert client.post(from_form).status_code == 302
    assert ReuseStatement.objects.get().state == StatementState.WITHDRAWN


def test_the_link_to_confirm_ends_when_the_email_says_and_with_later_words(client):
    now = timezone.now().replace(microsecond=0)
    stored = statement(Purpose.CONFIRM)
    token = links.token_for(stored, Purpose.CONFIRM, now=now)

    last = links.open_token(token, Purpose.CONFIRM, now=confirm_until(now) - timedelta(seconds=1))
    over = links.open_token(token, Purpose.CONFIRM, now=confirm_until(now))
    ReuseStatement.objects.update(version=2)
    later = client.post(links.path(Purpose.CONFIRM, token))

    assert last.is_valid
    assert not over.is_valid
    assert "Ihre Angabe haben wir gelöscht oder löschen sie heute Nacht" in over.explanation
    assert later.status_code == 410
    assert "Link aus der neuesten E-Mail" in later.text
    assert ReuseStatement.objects.get().state == StatementState.UNCONFIRMED


@pytest.mark.parametrize("purpose", [Purpose.CHANGE, Purpose.WITHDRAW])
def test_the_way_out_works_from_the_oldest_email_too(client, purpose):
    stored = statement(purpose)
    path = page(stored, purpose, datetime(2020, 1, 1, tzinfo=UTC))
    judging.publish(stored, now=timezone.now())

    assert client.get(path).status_code == 200
    stating.withdraw(ReuseStatement.objects.with_everything().get(pk=stored.pk), now=timezone.now())
    assert client.get(path).status_code == (200 if purpose is Purpose.WITHDRAW else 410)


def test_what_was_withdrawn_from_the_email_is_gone_from_the_page(client):
    stored = statement(Purpose.STILL_TRUE)
    address = stored.solution.get_absolute_url()
    assert "Angabe der Kommune, bestätigt am" in client.get(address).text

    client.post(page(stored, Purpose.WITHDRAW))

    assert "Angabe der Kommune" not in client.get(address).text
    assert not Reuse.objects.exists()


def test_the_page_to_confirm_says_to_whom_the_statement_goes(client):
    alone, edited = statement(Purpose.CONFIRM), statement(Purpose.CONFIRM)
    ProjectEditor.objects.create(project=edited.solution.project, user=UserFactory())

    assert "geht diese Angabe an die Redaktion." in client.get(page(alone, Purpose.CONFIRM)).text
    of_edited = client.get(page(edited, Purpose.CONFIRM)).text
    assert "geht diese Angabe zuerst an das Projekt, dann an die Redaktion." in of_edited


@pytest.mark.parametrize(
    ("is_removed", "is_hidden", "before", "after"),
    [
        (False, False, "Das steht öffentlich, zuletzt", "dass sie heute bestätigt wurde"),
        (True, False, "zurzeit steht es nicht auf der Seite", "die Redaktion sieht sie sich an"),
        (False, True, "zurzeit steht es nicht auf der Seite", "denn das Projekt ist nicht öffentl"),
    ],
)
def test_who_says_it_again_learns_whether_it_stands_on_the_page(
    client, is_removed, is_hidden, before, after
):
    stored = statement(Purpose.STILL_TRUE)
    if is_removed:
        stored.reuse.delete()
    if is_hidden:
        Project.objects.update(is_public=False)
    path = page(stored, Purpose.STILL_TRUE)

    assert before in client.get(path).text
    assert after in client.post(path, follow=True).text


def test_withdrawing_what_changes_at_the_same_moment_says_that_nothing_happened(
    client, monkeypatch
):
    stored = statement(Purpose.WITHDRAW)
    monkeypatch.setattr(stating, "withdraw", _overtaken)

    answer = client.post(page(stored, Purpose.WITHDRAW))

    assert answer.status_code == 410
    assert "ist noch nicht zurückgezogen" in answer.text


def _overtaken(*_args, **_values):
    raise Overtaken
