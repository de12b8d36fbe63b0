import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

# One number as people write it: „02371 / 217-0“, „+49 (0)30 1234567“. Of two, or one with words, we cannot know.
NUMBER = re.compile(r"\+?[\d\s()/.\-\u2010-\u2013]{3,}")

register = template.Library()


@register.filter
def dialled(phone: str, css: str = "") -> SafeString:
    """A telephone number as a link that calls it; what is not clearly one number stays text.

    Telephones are asked to make none of their own (see base.html): they took keys of Kommunen for numbers.
    """
    if not NUMBER.fullmatch(phone.strip()):
        return conditional_escape(phone)
    # „(0)“ is dialled only where the code of the country is not.
    national = phone.replace("(0)", "") if "+" in phone else phone
    number = re.sub(r"[^\d+]", "", national)
    return format_html(
        '<a{} href="tel:{}">{}</a>',
        format_html(' class="{}"', css) if css else "",
        number,
        phone,
    )
