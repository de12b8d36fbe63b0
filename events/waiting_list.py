"""The rules of the waiting list, as they are kept and as they are said to people before they join it."""

from datetime import timedelta

from django.utils.translation import gettext as _

from ground.clock import in_words

# So near the beginning a seat is offered instead of given.
OFFER_WITHIN = timedelta(hours=72)
OFFER_LASTS = timedelta(hours=24)
# So much time before the beginning another person must still be able to get there.
OFFER_ENDS_BEFORE = timedelta(hours=2)
OFFER_AT_LEAST = timedelta(hours=2)


def rules() -> str:
    return _(
        "So geht es auf der Warteliste: Wird ein Platz frei, bekommt ihn, wer am längsten wartet, und wir "
        "schreiben sofort eine E-Mail. Weniger als %(within)s vor dem Beginn fragen wir erst, ob es noch "
        "passt: Das Angebot steht %(lasts)s, höchstens bis %(before)s vor dem Beginn. Wird der Platz erst "
        "kurz vorher frei, steht es mindestens %(least)s. Ohne Antwort geht der Platz an die nächste Person, "
        "und die Anmeldung endet."
    ) % {
        "within": in_words(OFFER_WITHIN),
        "lasts": in_words(OFFER_LASTS),
        "before": in_words(OFFER_ENDS_BEFORE),
        "least": in_words(OFFER_AT_LEAST),
    }
