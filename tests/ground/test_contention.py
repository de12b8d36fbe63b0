import pytest

from accounts.models import User
from ground.contention import each_due
from tests.factories.accounts import UserFactory


@pytest.mark.django_db
def test_a_row_that_fails_is_undone_and_keeps_no_other_waiting_and_the_run_fails():
    broken = UserFactory(name="fällig")
    others = UserFactory.create_batch(2, name="fällig")

    def act(user: User) -> None:
        User.objects.filter(pk=user.pk).update(name="erledigt")
        if user == broken:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        each_due(User.objects.filter(name="fällig").order_by("pk"), act)

    names = dict(User.objects.values_list("pk", "name"))
    assert names[broken.pk] == "fällig"
    assert [names[other.pk] for other in others] == ["erledigt", "erledigt"]
