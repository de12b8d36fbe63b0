from django import template

from accounts.history import changes

register = template.Library()
register.filter("changes", changes)
