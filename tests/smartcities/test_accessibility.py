"""The statement made from the findings, and reports of barriers that are owed an answer."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from mailing.models import Email
from smartcities.accessibility import barriers, findings
from smartcities.accessibility.barriers import BarrierReport
from tests.factories import UserFactory

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_the_statement_tells_every_open_finding_and_no_mended_one(client, tmp_path, monkeypatch):
    content = json.loads(findings.FILE.read_text(encoding="utf-8"))
    content["findings"][0] |= {"what": "Schon behoben.", "mended_on": "2026-12-01"}
    content["findings"][1] |= {"what": "Noch <offen>."}
    file = tmp_path / "findings.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(findings, "FILE", file)
    findings.assessment.cache_clear()
    try:
        page = client.get(reverse("accessibility")).text
    finally:
        findings.assessment.cache_clear()

    assert "Noch &lt;offen&gt;." in page
    assert "Schon behoben." not in page
    assert "noch nicht abschließend geprüft" in page


def test_what_is_shipped_can_be_read_and_names_a_way_out_for_every_finding(client):
    page = client.get(reverse("accessibility")).text

    for finding in findings.assessment().open:
        assert finding.instead
        assert finding.what in page
    assert reverse("barrier_report") in page


def test_the_assessment_is_due_again_after_a_year():
    leap_day = findings.Assessment(date(2028, 2, 29), "", None, ())

    assert leap_day.is_due_again == date(2029, 2, 28)


@pytest.mark.django_db
def test_a_report_is_stored_with_its_due_date_and_told_to_the_operator(client, settings):
    answer = client.post(
        reverse("barrier_report"),
        {"text": "Der Knopf <b>fehlt</b>.", "page": "/projekte/", "email": "eva@kommune.example"},
        follow=True,
    )

    assert "Danke für den Hinweis" in answer.text
    report = BarrierReport.objects.get()
    assert report.due_on - report.created_at.date() in (timedelta(days=28), timedelta(days=29))
    mail = Email.objects.get()
    assert (mail.to, mail.reply_to) == (settings.OPERATOR["email"], "eva@kommune.example")
    assert "Der Knopf <b>fehlt</b>." in mail.text


@pytest.mark.django_db
def test_a_report_without_an_address_is_welcome_one_without_words_is_not(client):
    client.post(reverse("barrier_report"), {"text": "Zu klein."})
    answer = client.post(reverse("barrier_report"), {"text": " ", "page": "<script>"})

    assert [report.text for report in BarrierReport.objects.all()] == ["Zu klein."]
    assert "&lt;script&gt;" in answer.text


@pytest.mark.django_db
def test_a_flood_from_one_network_is_stopped(client):
    for _number in range(21):
        answer = client.post(reverse("barrier_report"), {"text": "Noch eine."})

    assert "Aus Ihrem Netz" in answer.text
    assert BarrierReport.objects.count() == 20


@pytest.mark.django_db
def test_the_staff_see_what_is_overdue_in_words(client):
    late = barriers.report(text="alt", page="", email="", now=NOW)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    listed = client.get(reverse("admin:smartcities_barrierreport_changelist")).text
    only_open = client.get(
        reverse("admin:smartcities_barrierreport_changelist"), {"stand": "ueberfaellig"}
    )

    assert "30. März 2026 – überfällig" in listed
    assert list(only_open.context["cl"].queryset) == [late]


@pytest.mark.django_db
def test_a_report_goes_a_year_after_its_answer_and_not_before_there_is_one():
    answered = barriers.report(text="a", page="", email="", now=NOW)
    BarrierReport.objects.filter(pk=answered.pk).update(answered_at=NOW)
    kept = barriers.report(text="b", page="", email="", now=NOW)

    assert barriers.forget(now=NOW + timedelta(days=364)) == 0
    assert barriers.forget(now=NOW + timedelta(days=365)) == 1
    assert list(BarrierReport.objects.all()) == [kept]
