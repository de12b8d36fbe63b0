from django import template

from office.parts import parts

register = template.Library()
register.simple_tag(parts)
