from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from ground.private import keep_nowhere

# Nothing of the device is used, except that passkeys sign people in. Browsers warn of names that they do
# not know, so only those stand here that Chromium knows.
_UNUSED = (
    "accelerometer", "autoplay", "browsing-topics",
    "camera", "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope",
    "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_USED = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS_POLICY = ", ".join(
    [f"{feature}=()" for feature in _UNUSED] + [f"{feature}=(self)" for feature in _USED]
)


class BrowserLimits:
    """What Django sets no header for: no sensors, no camera; nothing of ours inside other sites."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Copies:
    """Nothing that is answered to a session is stored anywhere, be it a page, a file or a refusal.

    And „nothing has changed“ says the same about its encoding as the page of which it speaks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = settings.SESSION_COOKIE_NAME
        if session in request.COOKIES or session in response.cookies:
            keep_nowhere(response)
        if response.status_code == 304:
            patch_vary_headers(response, ["Accept-Encoding"])
        return response
