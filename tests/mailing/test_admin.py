from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from mailing.admin import what_it_means
from mailing.models import IN_TROUBLE, Email, EmailKind
from tests.factories import EmailFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "admin:mailing_email_changelist"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_MFA_REQUIRED = False


@pytest.fixture
def office(client):
    """Signed in as somebody who may look at e-mails and send them again."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="mailing", codename__in=["view_email", "send_again_email"]
        )
    )
    client.force_login(user)
    return client


def listed(response):
    return set(response.context["cl"].queryset)


def test_the_list_is_sorted_by_what_became_of_an_email(office):
    now = timezone.now()
    rows = {
        "wartet": EmailFactory(due_at=now + timedelta(hours=1)),
        "haengt": EmailFactory(last_error="452 voll", attempts=1),
        "abgelehnt": EmailFactory(refused_at=now, last_error="550 unbekannt"),
        "verpasst": EmailFactory(due_at=now - timedelta(days=1), expires_at=now),
        "gesendet": EmailFactory(sent_at=now),
    }

    older = EmailFactory(refused_at=now - timedelta(days=2), last_error="550 unbekannt")
    assert listed(office.get(reverse(LIST), {"stand": "abgelehnt"})) == {rows["abgelehnt"], older}
    lately = office.get(reverse(LIST), {"stand": "seit-gestern-abgelehnt"})
    assert listed(lately) == {rows["abgelehnt"]}
    older.delete()
    for state, email in rows.items():
        assert listed(office.get(reverse(LIST), {"stand": state})) == {email}
    assert listed(office.get(reverse(LIST))) == set(rows.values())


def test_an_address_is_only_found_in_full(office):
    email = EmailFactory(to="erika@example.org")

    assert listed(office.get(reverse(LIST), {"q": "Erika@example.org"})) == {email}
    assert listed(office.get(reverse(LIST), {"q": "erika"})) == set()


def test_the_list_takes_a_fixed_number_of_queries(office, django_assert_max_num_queries):
    EmailFactory.create_batch(30)

    with django_assert_max_num_queries(9):
        office.get(reverse(LIST))


def test_the_preview_shows_the_text_and_nothing_can_be_changed(office):
    email = EmailFactory(
        text="Guten Tag <script>alert(1)</script>",
        html="<p>unsichtbar</p>",
        attachments=[{"name": "termin.ics", "type": "text/calendar", "base64": ""}],
    )
    url = reverse("admin:mailing_email_change", args=[email.pk])

    page = office.get(url).content.decode()

    assert "Guten Tag &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "termin.ics" in page
    assert "unsichtbar" not in page
    assert 'name="_save"' not in page
    assert office.post(url, {"text": "anders"}).status_code == 403
    assert office.post(reverse("admin:mailing_email_delete", args=[email.pk])).status_code == 403
    assert office.get(reverse("admin:mailing_email_add")).status_code == 403


def test_a_link_in_an_email_is_not_there_for_those_who_read_the_outbox(admin_client):
    text = "Absagen:\nhttps://portal.example/anmeldung/absagen/abc:def-123/?a=b\nFragen? (http://x.example/y)"
    email = EmailFactory(text=text)

    page = admin_client.get(reverse("admin:mailing_email_change", args=[email.pk])).text

    assert "https://portal.example/…" in page
    assert [word for word in ("absagen/", "abc:def", "a=b", "x.example/y") if word in page] == []
    email.refresh_from_db()
    assert email.text == text


def test_what_opens_an_account_is_shown_to_nobody(admin_client):
    email = EmailFactory(
        kind=EmailKind.ACCESS, subject="Ihr Code 123456", text="https://x.de/geheim/"
    )

    for url in (reverse(LIST), reverse("admin:mailing_email_change", args=[email.pk])):
        page = admin_client.get(url).content.decode()
        assert "geheim" not in page
        assert "123456" not in page


def choose(office, *emails, **more):
    keys = [email.pk for email in emails]
    return office.post(reverse(LIST), {"action": "send_again", "_selected_action": keys, **more})


def test_sending_again_asks_first(office):
    email = EmailFactory(refused_at=timezone.now(), last_error="550")

    response = choose(office, email)

    assert response.status_code == 200
    assert "Diese E-Mails noch einmal senden?" in response.content.decode()
    assert f"<li><strong>{email.subject}</strong>, an {email.to}, abgelehnt am" in response.text
    assert len(response.context["token"]) == 32
    email.refresh_from_db()
    assert email.refused_at is not None


def test_a_refused_email_gets_a_new_start_and_the_log_says_by_whom(office):
    email = EmailFactory(refused_at=timezone.now(), last_error="550", attempts=125)

    choose(office, email, token="a" * 32)

    email.refresh_from_db()
    assert (email.refused_at, email.attempts, email.last_error) == (None, 0, "")
    assert email in Email.objects.due(timezone.now())
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(email.pk), "Erneut senden")


def test_a_sent_email_goes_again_as_a_new_one_however_often_the_button_is_pressed(office):
    email = EmailFactory(sent_at=timezone.now(), html="<p>x</p>")

    choose(office, email, token="a" * 32)
    choose(office, email, token="a" * 32)

    again = Email.objects.open().get()
    assert (again.to, again.subject, again.text, again.html) == (
        email.to,
        email.subject,
        email.text,
        email.html,
    )
    assert again.message_id != email.message_id
    assert again.key == f"{email.key}:again:{'a' * 32}"


def again(email):
    return reverse("admin:mailing_email_step", args=[email.pk, "erneut-senden"])


def typed(asked):
    form = asked.context["form"]
    return {name: form[name].value() for name in form.fields}


def page_of(email):
    return reverse("admin:mailing_email_change", args=[email.pk])


def test_its_own_page_has_the_button_of_which_its_words_speak_and_that_asks_first(office):
    email = EmailFactory(refused_at=timezone.now(), last_error="550", attempts=125)

    page = office.get(page_of(email)).text
    asked = office.get(again(email))
    email.refresh_from_db()

    assert "hilft „Erneut senden“" in page
    assert f'href="{again(email)}"' in page
    assert "Diese E-Mail noch einmal senden? Sie geht an dieselbe Adresse." in asked.text
    assert email.attempts == 125
    assert office.post(again(email), typed(asked)).url == page_of(email)
    email.refresh_from_db()
    assert (email.refused_at, email.attempts, email.last_error) == (None, 0, "")
    assert [one.change_message for one in LogEntry.objects.all()] == ["Erneut senden"]


def test_from_its_own_page_a_sent_email_goes_once_more_however_often_the_button_is_pressed(office):
    email = EmailFactory(sent_at=timezone.now())
    asked = office.get(again(email))
    assert "Wer sie bekommen hat, bekommt sie zweimal." in asked.text
    for _press in range(2):
        office.post(again(email), typed(asked))

    assert Email.objects.open().count() == 1
    # Another page is another decision.
    office.post(again(email), typed(office.get(again(email))))
    assert Email.objects.open().count() == 2


def test_who_sends_again_reads_what_the_same_person_was_told_since(office):
    now = timezone.now()
    old = EmailFactory(key="event:1:place:7", to="erika@stadt.example", sent_at=now)
    new = EmailFactory(
        key="event:1:moved:1:7", to="erika@stadt.example", subject="Neuer Termin", sent_at=now
    )
    said = "An dieselbe Adresse ging oder geht danach zum selben Vorgang:"
    when = date_format(timezone.localtime(now), "j. F Y, H:i")

    for asked in (office.get(again(old)), choose(office, old)):
        words = " ".join(asked.text.split())
        assert (
            f"{said}</p> <ul> <li><strong>Neuer Termin</strong>, gesendet am {when} Uhr</li> </ul>"
            in words
        )
    for asked in (office.get(again(new)), choose(office, new)):
        assert said not in asked.text
    Email.objects.filter(pk=new.pk).update(
        kind=EmailKind.ACCESS, sent_at=None, due_at=now, subject="Geheimer Zugang"
    )
    for number in range(5):
        EmailFactory(key=f"event:1:reminder:{number}:7", to=old.to, due_at=now)
    words = " ".join(office.get(again(old)).text.split())
    assert "<li>1 weitere E-Mail, zuletzt:</li> <li><strong>Ihre Anmeldung</strong>" in words
    Email.objects.filter(pk__gt=new.pk).delete()
    words = " ".join(office.get(again(old)).text.split())
    assert f"<li><strong>(nicht einsehbar)</strong>, geplant für den {when} Uhr</li>" in words


@pytest.mark.parametrize("values", [{"refused_at": timezone.now()}, {"attempts": 3}])
def test_what_goes_out_after_the_page_has_asked_is_not_sent_a_second_time(office, values):
    email = EmailFactory(last_error="452 voll", **values)
    asked = office.get(again(email))
    Email.objects.filter(pk=email.pk).update(sent_at=timezone.now(), refused_at=None)

    answer = office.post(again(email), typed(asked))

    assert Email.objects.count() == 1
    told = [str(message) for message in answer.wsgi_request._messages]
    assert told == [
        "Das geht beim jetzigen Stand nicht, vielleicht war jemand schneller. Es wurde nichts geändert."
    ]


def test_its_words_speak_of_the_button_only_where_it_stands(office):
    now = timezone.now()
    rows = [
        EmailFactory(
            refused_at=now, last_error="550", text=text, attempts=attempts, expires_at=ends
        )
        for text in ("Guten Tag", "")
        for attempts in (1, 125)
        for ends in (None, now + timedelta(hours=1), now)
    ]

    spoken = {email.pk for email in rows if "hilft" in what_it_means(email, now)}

    assert spoken == {email.pk for email in rows if again(email) in office.get(page_of(email)).text}
    assert len(spoken) == 4


def test_what_is_emptied_or_over_has_no_such_button_and_who_only_looks_neither(office, client):
    now = timezone.now()
    rows = [
        EmailFactory(sent_at=now, text=""),
        EmailFactory(missed_at=now, expires_at=now),
        EmailFactory(expires_at=now),
    ]
    assert [email for email in rows if again(email) in office.get(page_of(email)).text] == []
    for email in rows:
        office.post(again(email), {"token": "a" * 32})
    assert Email.objects.count() == 3
    looking = UserFactory(is_staff=True)
    looking.user_permissions.set(Permission.objects.filter(codename="view_email"))
    client.force_login(looking)
    hanging = EmailFactory(last_error="452 voll", attempts=1)
    assert again(hanging) not in client.get(page_of(hanging)).text
    assert client.post(again(hanging), {"token": "a" * 32}).status_code == 403


def test_what_hangs_and_is_sent_again_from_the_list_of_what_hangs_is_counted_once(office):
    email = EmailFactory(last_error="451 später", attempts=3)

    response = office.post(
        f"{reverse(LIST)}?stand=haengt",
        {"action": "send_again", "_selected_action": [email.pk], "token": "a" * 32},
    )

    told = [str(message) for message in response.wsgi_request._messages]
    assert told == ["1 E-Mail geht erneut hinaus."]


def test_each_email_says_what_its_state_means_and_what_helps(office):
    now = timezone.now()
    old = now - timedelta(hours=1)
    rows = {
        "Ist sie nicht da, liegt sie vielleicht": EmailFactory(sent_at=now),
        "gilt inzwischen nicht mehr": EmailFactory(sent_at=now, expires_at=now),
        "Endgültig abgelehnt, meist": EmailFactory(refused_at=now, last_error="550 unbekannt"),
        "dann aufgegeben": EmailFactory(refused_at=now, last_error="452 voll", attempts=125),
        "Was sie sagt, ist vorbei.": EmailFactory(due_at=old, expires_at=now, missed_at=now),
        "nimmt zurzeit von uns gar nichts an": EmailFactory(last_error=f"{IN_TROUBLE}550 nein"),
        "Noch nicht angenommen, zum Beispiel": EmailFactory(last_error="452 voll", attempts=1),
        "Prüfen Sie ihn und EMAIL_URL.": EmailFactory(last_error="TimeoutError: timed out"),
        "Läuft der Worker?": EmailFactory(due_at=old),
        "Sie geht von selbst hinaus": EmailFactory(due_at=now + timedelta(hours=1)),
    }

    meanings = {words: what_it_means(email, now) for words, email in rows.items()}

    assert [words for words, meaning in meanings.items() if words not in meaning] == []
    assert len(set(meanings.values())) == len(rows)
    hanging = rows["Noch nicht angenommen, zum Beispiel"]
    page = office.get(reverse("admin:mailing_email_change", args=[hanging.pk])).text
    assert meanings["Noch nicht angenommen, zum Beispiel"] in page
    assert "452 voll" in office.get(reverse(LIST), {"stand": "haengt"}).text


def test_what_is_emptied_cannot_be_sent_again(office):
    email = EmailFactory(sent_at=timezone.now(), text="")

    response = choose(office, email, token="a" * 32)

    assert Email.objects.count() == 1
    assert [str(message) for message in response.wsgi_request._messages] == [
        "1 E-Mail kann nicht erneut gesendet werden: Ihr Inhalt ist gelöscht oder ihre Zeit vorbei."
    ]


def test_what_is_no_use_any_more_cannot_be_sent_again(office):
    an_hour_ago = timezone.now() - timedelta(hours=1)
    missed = EmailFactory(expires_at=an_hour_ago, missed_at=timezone.now())
    EmailFactory(sent_at=an_hour_ago, expires_at=timezone.now())

    choose(office, *Email.objects.all(), token="a" * 32)

    assert Email.objects.count() == 2
    missed.refresh_from_db()
    assert missed.missed_at is not None


def test_looking_does_not_allow_sending(client):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_email"))
    client.force_login(user)
    email = EmailFactory(refused_at=timezone.now())

    choose(client, email, token="a" * 32)

    email.refresh_from_db()
    assert email.refused_at is not None
