from typing import Any

import factory

from accounts.models import User


class UserFactory(factory.django.DjangoModelFactory):
    """An ordinary person without a password; `password="…"` sets one."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person-{number}@example.org")
    name = factory.Sequence(lambda number: f"Person {number}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **kwargs)
