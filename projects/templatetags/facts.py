from django import template

from projects.wording import euros, first_sentence, partial_date

register = template.Library()
register.filter(euros)
register.filter(first_sentence)
register.filter(partial_date)
