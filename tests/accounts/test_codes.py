"""The codes of a second factor."""

import re
from types import SimpleNamespace

import pytest
from allauth.core import context
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.utils.module_loading import import_string

from tests.factories import UserFactory


@pytest.mark.django_db
def test_a_telephone_shows_its_digits_for_a_code_and_all_codes_are_digits():
    user = UserFactory()
    forms = [import_string(path) for path in settings.MFA_FORMS.values()]
    with context.request_context(SimpleNamespace(session={}, user=user)):
        html = [str(form(user=user)["code"]) for form in forms if "code" in form.base_fields]

    assert len(html) == 3
    assert [one for one in html if 'inputmode="numeric"' not in one] == []
    codes = RecoveryCodes.activate(user).get_unused_codes()
    assert [code for code in codes if not re.fullmatch(r"\d{8}", code)] == []
