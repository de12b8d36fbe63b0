from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

from ground.slots import templates_in

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str) -> SafeString:
    """What apps above have to say at this place; see `ground.slots`."""
    texts = []
    for one, facts in templates_in(name):
        with context.push(**facts(context)):
            texts.append(get_template(one).template.render(context))
    return SafeString("".join(texts))
