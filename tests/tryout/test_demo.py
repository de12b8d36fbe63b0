import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from smartcities.tryout import demo


def test_passwords_are_random_kept_and_readable_by_their_owner_only(tmp_path):
    file, other = tmp_path / "var" / "demo-logins.json", tmp_path / "other.json"
    first = demo.passwords(file)
    assert list(first) == [login.email for login in demo.LOGINS]
    assert file.stat().st_mode & 0o777 == 0o600
    assert demo.passwords(file) == first
    assert set(first.values()).isdisjoint(demo.passwords(other).values())
    assert min(map(len, first.values())) >= 16


def test_the_table_shows_every_login_with_its_password(tmp_path):
    known = demo.passwords(tmp_path / "logins.json")
    lines = demo.table(known).splitlines()[1:]
    assert [line.split()[-2:] for line in lines] == [list(pair) for pair in known.items()]


@pytest.mark.django_db
@pytest.mark.parametrize("login", demo.LOGINS, ids=lambda login: login.email)
def test_each_login_opens_the_door_and_only_staff_the_administration(login, client, tmp_path):
    known = demo.passwords(tmp_path / "logins.json")
    demo.make_logins(known)
    answer = client.post(
        reverse("account_login"), {"login": login.email, "password": known[login.email]}
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("account"))
    admitted = client.get(reverse("admin:index")).status_code == 200
    assert admitted == (login.email != "kommune@example.org")


@pytest.mark.django_db
def test_a_login_that_exists_stays_as_its_owner_made_it(tmp_path):
    known = demo.passwords(tmp_path / "logins.json")
    demo.make_logins(known)
    user = get_user_model().objects.get(email="koordination@example.org")
    user.set_password("selbst gewählt")
    user.name = "Neuer Name"
    user.save()
    demo.make_logins(known)
    user.refresh_from_db()
    assert user.check_password("selbst gewählt")
    assert user.name == "Neuer Name"
    assert get_user_model().objects.count() == len(demo.LOGINS)
