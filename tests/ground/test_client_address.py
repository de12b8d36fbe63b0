import pytest
from django.test import RequestFactory

from ground.client_address import client_address

PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, "203.0.113.7", PROXY),  # no proxy of ours: the visitor may write what they like
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was made up
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
        (1, None, PROXY),
        (2, "203.0.113.7", PROXY),
        (1, "", PROXY),
    ],
)
def test_the_address_is_what_our_outermost_proxy_saw(settings, proxies, forwarded, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}

    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=PROXY)

    assert client_address(request) == address
