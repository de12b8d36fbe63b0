"""What those read who write words that an e-mail puts behind a greeting."""

from django.utils.translation import gettext_lazy as _

GREETED = _("Bitte ohne Anrede: „Guten Tag“ steht in der E-Mail schon davor.")
