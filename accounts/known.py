"""What a form need not ask again from a person who is signed in."""

from django.http import HttpRequest

from accounts.new_account import proves


def known_of(request: HttpRequest) -> dict[str, str]:
    """Name and address, to be changed like anything else in the form."""
    user = request.user
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}


def is_own_address(request: HttpRequest, address: str) -> bool:
    """Whether who is signed in has proved that this mailbox is theirs; nobody else has."""
    return request.user.is_authenticated and proves(request.user, address)
