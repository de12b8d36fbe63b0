"""The machine's own Chromium, for pictures that are committed."""

import shutil


def chromium() -> str | None:
    """Where it lies; None lets Playwright take the one that it has brought."""
    names = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
    return next((found for name in names if (found := shutil.which(name))), None)
