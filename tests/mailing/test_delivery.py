import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.utils import timezone

from mailing import claims
from mailing.claims import Claim
from mailing.delivery import MOST_ATTEMPTS, deliver
from mailing.models import LEASE, Email, EmailKind
from mailing.outbox import send_again
from mailing.trouble import FAILURES
from tests.factories import EmailFactory
from tests.mailing.conftest import Sink, send_to

pytestmark = pytest.mark.django_db


def reloaded(email):
    return Email.objects.get(pk=email.pk)


def test_an_email_is_sent_once(sink):
    email = EmailFactory()

    assert deliver() == 1
    assert deliver() == 0

    assert sink.accepted() == [{"to": email.to, "id": email.message_id}]
    email = reloaded(email)
    assert email.sent_at is not None
    assert (email.attempts, email.last_error, email.claim) == (1, "", None)
    assert email.text  # stays for the office until its period is over


@pytest.mark.parametrize(("waiting", "woken"), [(2, 1), (1, 0)])
def test_another_process_is_woken_once_where_more_waits_than_one_run_takes(
    sink, monkeypatch, waiting, woken
):
    rung = []
    monkeypatch.setattr("mailing.delivery.BATCH", 2)
    monkeypatch.setattr("mailing.delivery.doorbell.ring", lambda: rung.append(len(sink.accepted())))
    EmailFactory.create_batch(waiting)

    assert deliver() == waiting
    # With the first e-mail that the mail server took, while the others still wait.
    assert rung == [1] * woken


def test_what_is_not_due_waits(sink):
    EmailFactory(due_at=timezone.now() + timedelta(minutes=1))

    assert deliver() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert deliver() == 1


def test_what_is_no_use_any_more_is_not_sent_but_closed_as_missed(sink):
    now = timezone.now()
    late = EmailFactory(expires_at=now - timedelta(seconds=1), last_error="452 voll", attempts=3)
    in_time = EmailFactory(expires_at=now + timedelta(hours=1))

    assert deliver() == 1
    assert deliver() == 0

    assert sink.recipients() == [in_time.to]
    late = reloaded(late)
    assert (late.sent_at, late.claim, late.attempts) == (None, None, 3)
    assert late.missed_at >= now
    assert list(Email.objects.missed(now)) == [late]
    assert not Email.objects.open().exists()


def test_what_runs_out_while_others_are_being_sent_is_missed_too(sink):
    now = timezone.now()
    first = EmailFactory(due_at=now)
    second = EmailFactory(due_at=now, expires_at=now + timedelta(minutes=1))

    # One batch is claimed, and it takes minutes to send.
    assert deliver(clock=lambda: now + timedelta(minutes=2 * len(sink.accepted()))) == 1

    assert sink.recipients() == [first.to]
    assert reloaded(second).missed_at == now + timedelta(minutes=2)


def test_what_a_living_run_has_in_hand_is_not_called_missed(sink):
    now = timezone.now()
    in_hand = EmailFactory(expires_at=now, claim=uuid4(), claimed_until=now + timedelta(seconds=5))
    orphan = EmailFactory(expires_at=now, claim=uuid4(), claimed_until=now - timedelta(seconds=5))

    deliver()

    assert reloaded(in_hand).missed_at is None
    assert reloaded(orphan).missed_at is not None
    assert sink.recipients() == []


ATTACHED = {"name": "geheim.txt", "type": "text/plain", "base64": "Z2VoZWlt"}
OPENS = {"kind": EmailKind.ACCESS, "text": "https://example.org/geheim/", "html": "geheim"}

ENDINGS = {
    "sent": ("sent_at", {}),
    "refused": ("refused_at", {"to": "unbekannt@example.org"}),
    "given up": ("refused_at", {"to": "voll@example.org", "attempts": MOST_ATTEMPTS - 1}),
    "missed": ("missed_at", {"expires_at": timezone.now() - timedelta(seconds=1)}),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_opens_an_account_is_emptied_however_it_ends(sink, ending):
    moment, given = ENDINGS[ending]
    email = EmailFactory(**OPENS, subject="Geheim", attachments=[ATTACHED], **given)
    other = EmailFactory(text="bleibt", **given)

    deliver()

    email, other = reloaded(email), reloaded(other)
    assert getattr(email, moment) is not None
    assert (email.subject, email.text, email.html, email.attachments) == ("", "", "", [])
    assert (getattr(other, moment) is not None, other.text) == (True, "bleibt")
    assert send_again(Email.objects.filter(pk=email.pk), token="x", now=timezone.now()) == []


def test_what_opens_an_account_and_runs_out_while_others_are_sent_is_emptied_too(sink):
    now = timezone.now()
    EmailFactory(due_at=now)
    email = EmailFactory(**OPENS, due_at=now, expires_at=now + timedelta(minutes=1))

    deliver(clock=lambda: now + timedelta(minutes=2 * len(sink.accepted())))

    email = reloaded(email)
    assert (email.missed_at is not None, email.text, email.html) == (True, "", "")


@pytest.mark.parametrize("moment", ["sent_at", "refused_at"])
def test_the_database_keeps_no_words_of_what_opened_an_account(moment):
    email = EmailFactory(**OPENS)

    with pytest.raises(IntegrityError, match="access_ends_without_words"):
        Email.objects.filter(pk=email.pk).update(**{moment: timezone.now()})


def test_what_opens_an_account_and_waits_for_the_next_try_keeps_its_words(sink):
    email = EmailFactory(**OPENS, to="voll@example.org")

    deliver()

    email = reloaded(email)
    assert (email.attempts, email.text) == (1, "https://example.org/geheim/")


def test_a_recipient_who_does_not_exist_is_refused_for_good(sink):
    lost = EmailFactory(to="unbekannt@example.org")
    fine = EmailFactory()

    assert deliver() == 1

    lost = reloaded(lost)
    assert lost.refused_at is not None
    assert lost.last_error == "550 5.1.1 <unbekannt@example.org> kennen wir nicht"
    assert list(Email.objects.refused()) == [lost]
    assert reloaded(fine).sent_at is not None
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert deliver() == 0


def test_a_full_mailbox_is_tried_again_with_growing_pauses(sink):
    email = EmailFactory(to="voll@example.org")
    pauses = []
    now = timezone.now()

    for _ in range(12):
        with time_machine.travel(now, tick=False):
            deliver()
        email = reloaded(email)
        pauses.append((email.due_at - now).total_seconds())
        now = email.due_at

    expected = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
    for pause, middle in zip(pauses, expected, strict=True):
        assert 0.75 * middle <= pause <= 1.25 * middle
    assert email.attempts == 12
    assert email.last_error == "452 4.2.2 Postfach voll"
    assert list(Email.objects.stuck(now)) == [email]


def test_after_days_of_trying_an_email_is_given_up(sink):
    email = EmailFactory(to="voll@example.org", attempts=124)

    deliver()

    assert reloaded(email).refused_at is not None


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"to": "weg@example.org"}, "SMTPServerDisconnected"),
        ({"to": "stumm@example.org"}, "SMTPServerDisconnected"),
        ({"attachments": [{"name": "a", "type": "kaputt", "base64": "AA=="}]}, "ValueError"),
        ({"to": "Erika@zwei@example.org"}, ""),
    ],
)
def test_one_bad_email_does_not_stop_the_others(sink, settings, bad, error):
    settings.EMAIL_TIMEOUT = 1
    poison = EmailFactory(**bad, due_at=timezone.now() - timedelta(minutes=1))
    others = [EmailFactory() for _ in range(3)]

    deliver()

    assert [to for to in sink.recipients() if to != poison.to] == [email.to for email in others]
    poison = reloaded(poison)
    if error:
        assert poison.last_error.startswith(error)
        assert poison.sent_at is None
        assert poison.due_at > timezone.now()


def test_with_the_server_away_nobody_is_to_blame_and_all_go_when_it_is_back(
    sink, settings, nobody_there
):
    emails = [EmailFactory() for _ in range(3)]
    settings.EMAIL_PORT = nobody_there

    assert deliver() == 0

    for email in map(reloaded, emails):
        assert (email.attempts, email.claim) == (0, None)
        assert email.last_error.startswith("ConnectionRefusedError")
    settings.EMAIL_PORT = sink.port
    assert deliver() == 3
    assert set(Email.objects.values_list("last_error", flat=True)) == {""}


def test_a_server_that_lets_nobody_in_is_asked_again(sink):
    EmailFactory()
    sink.close_the_door()
    assert deliver() == 0
    assert Email.objects.get().last_error.startswith("SMTPConnectError: (421")

    sink.open_the_door()
    assert deliver() == 1


def test_a_server_that_never_answers_is_left_in_time(settings, sink, silent_server):
    EmailFactory()
    settings.EMAIL_PORT = silent_server
    settings.EMAIL_TIMEOUT = 1

    started = time.monotonic()
    assert deliver() == 0

    assert time.monotonic() - started < 3
    assert (Email.objects.get().attempts, Email.objects.get().claim) == (0, None)


def test_when_everything_fails_those_not_tried_keep_their_place(sink):
    for number in range(FAILURES + 10):
        EmailFactory(to=f"voll{number}@example.org")

    deliver()

    assert Email.objects.filter(attempts=1).count() == FAILURES
    assert Email.objects.filter(attempts=0, claim=None, due_at__lte=timezone.now()).count() == 10


def test_our_own_address_being_unwelcome_is_no_refusal_of_the_email(sink, monkeypatch):
    email = EmailFactory()
    monkeypatch.setattr("smtplib.SMTP.mail", lambda *_: (550, b"sender not allowed"))

    deliver()

    assert reloaded(email).refused_at is None
    assert reloaded(email).last_error == "550 sender not allowed"


def test_logs_carry_ids_only(sink, settings, caplog, nobody_there):
    settings.EMAIL_TIMEOUT = 1
    for name in ("unbekannt", "voll", "weg", "stumm", "normal"):
        EmailFactory(to=f"{name}.geheim@example.org")
    attached = {"name": "Erika geheim", "type": "kaputt", "base64": "AA=="}
    broken = EmailFactory(to="kaputt.geheim@example.org", attachments=[attached])
    caplog.set_level("DEBUG")

    deliver()
    settings.EMAIL_PORT = nobody_there
    EmailFactory(to="spaet.geheim@example.org")
    deliver()

    assert f"E-mail {broken.pk} cannot be written" in caplog.text
    assert "geheim" not in caplog.text


# --- Claims -----------------------------------------------------------------------------------


def orphaned(**changes):
    """An e-mail that a run had in hand when it was killed."""
    past = timezone.now() - timedelta(seconds=1)
    return EmailFactory(claim="00000000-0000-0000-0000-000000000001", claimed_until=past, **changes)


def test_what_a_living_run_has_in_hand_is_left_alone(sink):
    EmailFactory()
    with Claim(timezone.now) as claim:
        assert len(claim.take(10)) == 1

        assert deliver() == 0


def test_what_a_run_did_not_get_to_is_free_at_once(sink):
    EmailFactory()
    with Claim(timezone.now) as claim:
        claim.take(10)

    assert deliver() == 1
    assert Email.objects.get().attempts == 1


def test_what_a_dead_run_had_in_hand_goes_when_its_time_is_over(sink):
    email = orphaned()

    assert deliver() == 1
    assert sink.recipients() == [email.to]


def test_what_may_have_killed_a_run_goes_alone_and_last_and_later_every_time(sink):
    now = timezone.now()
    suspects = [orphaned(due_at=now - timedelta(hours=1)) for _ in range(3)]
    fresh = [EmailFactory() for _ in range(2)]

    claim = Claim(timezone.now)
    taken = claim.take(50)

    assert taken == [*fresh, suspects[0]]
    # If it kills this run too, the next to try it comes later.
    assert reloaded(suspects[0]).due_at >= now + timedelta(seconds=7)
    assert reloaded(suspects[0]).attempts == 1


def test_a_run_that_stood_still_does_not_go_on(sink, monkeypatch):
    EmailFactory.create_batch(2)
    claim = Claim(timezone.now)
    claim.take(10)
    assert claim.holds()

    long_after = time.monotonic() + LEASE.total_seconds()
    monkeypatch.setattr("mailing.claims.time.monotonic", lambda: long_after)

    assert not claim.holds()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_taken_over", [False, True])
def test_a_run_that_renews_its_right_goes_on_only_if_nobody_has_taken_over(
    monkeypatch, is_taken_over
):
    EmailFactory()
    claim = Claim(timezone.now)
    claim.take(1)
    if is_taken_over:
        Email.objects.update(claim=uuid4())
    long_after = time.monotonic() + LEASE.total_seconds()
    monkeypatch.setattr("mailing.claims.time.monotonic", lambda: long_after)
    once = iter([False, True])
    monkeypatch.setattr(claim._done, "wait", lambda _seconds: next(once))

    claim._renew_until_done()

    assert claim.holds() is not is_taken_over


def test_a_run_that_may_have_been_overtaken_sends_no_more_of_what_it_had_in_hand(sink, monkeypatch):
    EmailFactory.create_batch(2)
    with monkeypatch.context() as patch:
        patch.setattr(Claim, "holds", lambda _claim: not sink.accepted())
        assert deliver() == 1

    assert deliver() == 1
    assert len(set(sink.recipients())) == 2


SETTLINGS = {
    "sent": lambda claim, email: claim.settle_sent(email),
    "refused": lambda claim, email: claim.settle_ended(email, refused_at=timezone.now()),
    "missed": lambda claim, email: claim.settle_ended(email, missed_at=email.expires_at),
    "put off": lambda claim, email: claim.put_off(email, due_at=timezone.now()),
}


@pytest.mark.parametrize("ending", SETTLINGS)
def test_what_another_run_has_taken_over_is_not_settled_by_the_first(ending, caplog):
    email = EmailFactory(expires_at=timezone.now() + timedelta(hours=1))
    first, second = Claim(timezone.now), Claim(timezone.now)
    (taken,) = first.take(1)
    # The first stood still for longer than its right lasts.
    Email.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert second.take(1) == [email]
    before = Email.objects.values().get()

    SETTLINGS[ending](first, taken)

    assert Email.objects.values().get() == before
    assert before["claim"] == second.id
    assert f"E-mail {email.pk} was taken over while it was being sent." in caplog.text

    SETTLINGS[ending](second, taken)

    assert Email.objects.get().claim is None


@pytest.mark.django_db(transaction=True)
def test_however_slow_the_server_nobody_else_takes_what_is_being_sent(slow_sink, monkeypatch):
    # Longer than a claim lasts: each of four answers takes half a second.
    monkeypatch.setattr(claims, "LEASE", timedelta(seconds=1.5))
    monkeypatch.setattr(claims, "RENEWAL", timedelta(seconds=0.3))
    EmailFactory()
    sent = []

    def work():
        sent.append(deliver())
        connection.close()

    first = threading.Thread(target=work)
    first.start()
    while first.is_alive():
        sent.append(deliver())
        time.sleep(0.1)
    first.join()

    assert sum(sent) == 1
    assert len(slow_sink.accepted()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_runs_at_the_same_time_each_email_is_sent_by_one(sink):
    EmailFactory.create_batch(200)
    start = threading.Barrier(8)
    sent = []

    def work():
        start.wait()
        sent.append(deliver())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(sent) == 200
    recipients = sink.recipients()
    assert len(recipients) == len(set(recipients)) == 200


FASTER = 20


@pytest.mark.django_db(transaction=True)
def test_with_the_shipped_values_a_server_that_takes_29_seconds_gets_no_email_twice(
    tmp_path, settings, monkeypatch
):
    """Lease, renewal and time limit as they are shipped, in a world that runs twenty times as fast."""
    shipped_limit = settings.EMAIL_TIMEOUT
    begin, true = time.monotonic(), time.monotonic
    began_at = timezone.now()

    class Fast:
        @staticmethod
        def monotonic() -> float:
            return (true() - begin) * FASTER

    def clock():
        return began_at + timedelta(seconds=Fast.monotonic())

    class FastEvent(threading.Event):
        def wait(self, timeout=None):
            return super().wait(None if timeout is None else timeout / FASTER)

    monkeypatch.setattr(claims, "time", Fast)
    monkeypatch.setattr("mailing.delivery.time", Fast)
    init = Claim.__init__

    def in_a_fast_world(claim, *args):
        init(claim, *args)
        claim._done = FastEvent()

    monkeypatch.setattr(Claim, "__init__", in_a_fast_world)
    slow = Sink(tmp_path / "journal", delay=29 / FASTER)
    send_to(settings, slow.port)
    settings.EMAIL_TIMEOUT = shipped_limit / FASTER
    email = EmailFactory(due_at=began_at, created_at=began_at)
    sent = []

    def work():
        sent.append(deliver(clock=clock))
        connection.close()

    try:
        first = threading.Thread(target=work)
        first.start()
        while first.is_alive():
            sent.append(deliver(clock=clock))
            time.sleep(0.1)
        first.join()
        sent.append(deliver(clock=clock))
        accepted = slow.accepted()
    finally:
        slow.stop()

    assert sum(sent) == len(accepted) == 1
    assert (reloaded(email).attempts, reloaded(email).last_error) == (1, "")
