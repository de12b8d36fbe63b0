"""What a form need not ask again from a person who is signed in."""

from django.http import HttpRequest


def known_of(request: HttpRequest) -> dict[str, str]:
    """Name and address, to be changed like anything else in the form."""
    user = request.user
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}
