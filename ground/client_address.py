from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The network address of the person who asks, as the outermost of our own proxies saw it.

    `TRUSTED_PROXY_COUNT` says how many proxies are ours. What stands further left in X-Forwarded-For
    was written by the visitor and may be anything. Limits that count by address would otherwise count
    everybody behind the proxy as one.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(forwarded) >= proxies and (address := forwarded[-proxies].strip()):
        return address
    return request.META.get("REMOTE_ADDR", "")
