import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

GAP = r"[ \xa0.\-\u2010-\u2013]"
AREA = r"[1-9]\d{0,4}"
# „+49 (0)30“, „0049 (30)“: the „(0)“ is dialled only without the code of the country.
FROM_ABROAD = rf"(?:\+|00)[1-9]\d{{0,2}}{GAP}*(?:(?:\(0\){GAP}*)?{AREA}|\({AREA}\))"
AT_HOME = rf"0{AREA}|\(0{AREA}\)"
# Behind the area code alone: elsewhere, or before few digits („1234-10/11“), it divides two numbers.
SLASH = r"[ \xa0]*/[ \xa0]*(?!0|\d\d?$)"
LOCAL = rf"\d(?:{GAP}*\d)*"
# One more area code: „030 1234 - 030 1235“
SECOND = rf".+{GAP}0[1-9]\d"
NUMBER = re.compile(
    rf"(?!{SECOND})(?:(?:{FROM_ABROAD}|{AT_HOME})(?:{SLASH}|{GAP}*))?{LOCAL}", re.ASCII
)
DIGITS = range(3, 16)

register = template.Library()


@register.filter
def dialled(phone: str, css: str = "") -> SafeString:
    """A telephone number as a link that calls it; what is not clearly one number stays text.

    Telephones are asked to make none of their own (see base.html): they took keys of Kommunen for numbers.
    """
    written = phone.strip()
    number = re.sub(r"[^\d+]", "", written.replace("(0)", ""))
    if not NUMBER.fullmatch(written) or len(number.lstrip("+")) not in DIGITS:
        return conditional_escape(phone)
    return format_html(
        '<a{} href="tel:{}">{}</a>',
        format_html(' class="{}"', css) if css else "",
        number,
        phone,
    )
