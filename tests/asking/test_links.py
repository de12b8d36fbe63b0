"""The links in the e-mails about a question, as people and as mail scanners open them."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from asking import links
from asking.actions import answering, asking
from asking.links import Purpose
from asking.mail import questions
from asking.models import AnsweredBy, Question, State
from ground.refusals import Overtaken
from ground.signed_links import confirm_until
from mailing.models import Email
from projects.models import ProjectEditor, StatementState
from tests.factories import ReuseStatementFactory, UserFactory
from tests.factories.asking import QuestionFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory
from tests.some import some

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def everything() -> dict[str, list]:
    """All rows of the questions, of the outbox and of the accounts."""
    models = [*apps.get_app_config("asking").get_models(), Email]
    models += apps.get_app_config("accounts").get_models()
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def again(question: Question) -> Question:
    return Question.objects.with_everything().get(pk=question.pk)


def every_mail() -> None:
    """Let every e-mail be written, by the steps that really write it."""
    now = timezone.now()
    first = QuestionFactory(may_publish=True)
    ProjectEditor.objects.create(project=first.project, user=UserFactory())
    about = {"solution": first.solution, "project": first.project}

    def confirmed() -> Question:
        row = QuestionFactory(asked_at=now, **about)
        questions.tell(again(row), "confirm", now=now)
        all_sent()
        return asking.confirm(again(row), now=now)

    def all_sent() -> None:
        # What asks for something and still waits is taken back with the next step.
        Email.objects.filter(sent_at=None).update(sent_at=now)

    questions.tell(again(first), "confirm", now=now)
    all_sent()
    answered = answering.answer(
        asking.confirm(again(first), now=now), text="So.", by=AnsweredBy.PROJECT, now=now
    )
    answering.publish(answered, text="Wie?", answer="So.", now=now)
    with_project = confirmed()
    all_sent()
    asking.withdraw(with_project, now=now)
    answering.make_request(confirmed(), land="BY", stage="anfang", now=now)
    group = CoordinationFactory(community=CommunityFactory()).community
    with_group = answering.hand_to_group(confirmed(), group, now=now)
    all_sent()
    asking.withdraw(with_group, now=now)
    answering.hand_to_group(confirmed(), group, now=now)
    reuser = ReuseStatementFactory(
        confirmed=True, solution=first.solution, state=StatementState.PUBLISHED
    )
    answering.hand_to_reuser(confirmed(), reuser, now=now)
    in_vain = answering.hand_to_reuser(confirmed(), reuser, now=now)
    all_sent()
    asking.withdraw(in_vain, now=now)
    confirmed()
    answering.remind(now=now + 10 * DAY)
    all_sent()
    answering.pass_on(now=now + 30 * DAY)


def test_opening_every_link_of_every_email_ten_times_changes_no_row(client):
    every_mail()
    written = {email.key.split(":")[3] for email in Email.objects.filter(key__startswith="quest")}
    assert written == {
        *questions.PURPOSES, "office",
        *(f"{whom}_{name}" for whom in ("project", "group", "reuser")
            for name in ("asked", "nudge", "taken_back")),
    }  # fmt: skip
    paths = {
        path
        for email in Email.objects.all()
        for path in re.findall(r"https?://[^/\s]+(/fragen/[a-z-]+/[\w:-]+/)", email.text)
    }
    assert {path.split("/")[2] for path in paths} == {str(purpose) for purpose in Purpose}
    before = everything()

    for path in sorted(paths):
        for _time in range(10):
            assert client.get(path).status_code in (200, 410)
            assert client.head(path).status_code in (200, 410)

    assert everything() == before
    for email in some(Email.objects.filter(key__startswith="quest")):
        addresses = set(re.findall(r"https?://\S+?/(?=\s|$)", email.text))
        assert all(f'href="{address}"' in email.html for address in addresses), email.key
        assert "{{" not in email.text + email.subject
        assert "None" not in email.text + email.subject


def test_a_token_for_one_purpose_opens_no_other_and_no_page_shows_or_keeps_the_address(client):
    now = timezone.now()
    reuser = ReuseStatementFactory(confirmed=True, state=StatementState.PUBLISHED)
    rows = {
        Purpose.CONFIRM: QuestionFactory(),
        Purpose.SEE: QuestionFactory(waiting=True),
        Purpose.WITHDRAW: QuestionFactory(waiting=True),
        Purpose.RATE: QuestionFactory(answered=True),
        Purpose.REPLY: QuestionFactory(
            waiting=True, state=State.WITH_REUSER, reuse_statement=reuser
        ),
    }
    before = everything()
    for purpose, row in rows.items():
        token = links.token_for(row, purpose, now=now)
        answer = client.get(links.path(purpose, token))
        assert (purpose, answer.status_code) == (purpose, 200)
        assert answer["Cache-Control"] == "no-store, private"
        assert row.email not in answer.text
        assert reuser.email not in answer.text
        for other in set(Purpose) - {purpose, Purpose.SEE}:
            assert client.post(links.path(other, token)).status_code == 404
    assert everything() == before


def test_who_was_asked_before_answers_no_more_for_who_is_asked_now(client):
    before, now_asked = (
        ReuseStatementFactory(confirmed=True, state=StatementState.PUBLISHED) for _each in range(2)
    )
    row = QuestionFactory(waiting=True, state=State.WITH_REUSER, reuse_statement=before)
    old = links.path(Purpose.REPLY, links.token_for(row, Purpose.REPLY))
    assert client.get(old).status_code == 200

    Question.objects.update(reuse_statement=now_asked)
    assert client.get(old).status_code == 410
    assert client.post(old, {"text": "So."}).status_code == 410
    assert again(row).state == State.WITH_REUSER


def test_the_link_to_confirm_ends_when_the_email_says():
    now = timezone.now().replace(microsecond=0)
    token = links.token_for(QuestionFactory(), Purpose.CONFIRM, now=now)

    last = links.open_token(token, Purpose.CONFIRM, now=confirm_until(now) - timedelta(seconds=1))
    over = links.open_token(token, Purpose.CONFIRM, now=confirm_until(now))

    assert (last.is_valid, over.is_valid) == (True, False)
    assert "Ihre Frage haben wir gelöscht" in over.explanation


@pytest.mark.parametrize(
    ("purpose", "data"), [(Purpose.WITHDRAW, {}), (Purpose.RATE, {"helped": "ja"})]
)
def test_what_changes_while_somebody_acts_is_said_in_words_that_are_true(
    client, monkeypatch, purpose, data
):
    question = QuestionFactory(answered=True)
    path = links.path(purpose, links.token_for(question, purpose))
    for name in ("withdraw", "rate"):
        monkeypatch.setattr(asking, name, _overtaken)

    answer = client.post(path, data)

    assert answer.status_code == 410
    assert "Öffnen Sie den Link noch einmal" in answer.text
    assert "noch keine Antwort" not in answer.text


def test_who_rates_too_early_reads_that_there_is_no_answer_yet(client):
    question = QuestionFactory(waiting=True)

    answer = client.get(links.path(Purpose.RATE, links.token_for(question, Purpose.RATE)))

    assert answer.status_code == 410
    assert "Auf diese Frage gibt es noch keine Antwort." in answer.text


def _overtaken(*_args, **_values):
    raise Overtaken
