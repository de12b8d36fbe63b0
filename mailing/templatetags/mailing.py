from django import template

from mailing.rendering import button

register = template.Library()
register.simple_tag(button)
