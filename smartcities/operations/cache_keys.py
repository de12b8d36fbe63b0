import hashlib
import hmac

from django.conf import settings


def hashed(key: str, key_prefix: str, version: int) -> str:
    """Limits count by network and e-mail address. Who reads the table of the cache learns neither."""
    named = f"{key_prefix}:{version}:{key}"
    return hmac.new(settings.SECRET_KEY.encode(), named.encode(), hashlib.sha256).hexdigest()
