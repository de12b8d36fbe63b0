from django import template

from asking.models import PublicAnswer

register = template.Library()


@register.simple_tag
def answers_about_solution(solution: int) -> list[PublicAnswer]:
    """What was asked about a solution and answered in public, the latest first."""
    return list(PublicAnswer.objects.public().filter(solution=solution))


@register.simple_tag
def answers_about_project(project: int) -> list[PublicAnswer]:
    """The same about a project as a whole."""
    return list(PublicAnswer.objects.public().filter(project=project, solution=None))
