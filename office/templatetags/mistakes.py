from django import template

from office.mistakes import mistakes

register = template.Library()
register.simple_tag(mistakes)
