from django.db import migrations
from django.db.models import Min, OuterRef, Subquery

# Nobody but who asks does this, by a link.
BY_LINK = ("accepted", "refused", "chose_time", "rated")
# Who asks or the office.
BY_EITHER = ("confirmed", "moved")
# Nobody but the office, so that one without a name is left of a colleague whose account was deleted.
BY_OFFICE = (
    "scheduled", "proposed", "declined", "reopened", "outcome", "sent_outcome", "assigned",
    "handed_back", "answer_done", "called_off", "held_meeting", "no_show",
)  # fmt: skip


def note_proofs(apps, _schema_editor):
    """Whoever used a link in an e-mail has proved the address, since the first time.

    Where the account of a colleague was deleted, what either side may do is nameless for both.
    """
    entries = apps.get_model("consulting", "HistoryEntry").objects
    nameless = entries.filter(by=None, kind__in=BY_OFFICE).exists()
    kinds = BY_LINK if nameless else (*BY_LINK, *BY_EITHER)
    by_link = entries.filter(request=OuterRef("pk"), by=None, kind__in=kinds).order_by()
    first = by_link.values("request").annotate(first=Min("at")).values("first")
    requests = apps.get_model("consulting", "ConsultationRequest").objects
    requests.filter(address_proved_at=None).update(address_proved_at=Subquery(first))


def name_dates_of_questions(apps, _schema_editor):
    """The key of the question how it went names the date now: nobody is asked twice about the same."""
    dates = apps.get_model("consulting", "Appointment").objects
    emails = apps.get_model("mailing", "Email").objects
    asked = emails.filter(key__regex=r"^consultation:\d+:question:$")
    for pk, key, created_at in asked.values_list("pk", "key", "created_at"):
        firm = dates.filter(
            request=int(key.split(":")[1]),
            is_proposal=False,
            released_at=None,
            expires_at=None,
            ends_at__lte=created_at,
        ).first()
        if firm is not None:
            emails.filter(pk=pk).update(key=f"{key}{firm.starts_at:%Y%m%dT%H%M}")


class Migration(migrations.Migration):
    dependencies = [
        ("consulting", "0002_address_proved_at"),
        ("mailing", "0001_as_of_november_2026"),
    ]

    operations = [
        migrations.RunPython(note_proofs, migrations.RunPython.noop),
        migrations.RunPython(name_dates_of_questions, migrations.RunPython.noop),
    ]
