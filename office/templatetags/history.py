from django import template

from office.history import changes

register = template.Library()
register.filter("changes", changes)
