from django import template

from ground.prose import as_html

register = template.Library()
register.filter("prose", as_html)
