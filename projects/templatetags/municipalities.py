from django import template

from projects.municipality_picker import distinguished

register = template.Library()
register.filter(distinguished)
