"""What a person sees while the try-out starts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class CannotStart(Exception):
    """Something a person has to mend; the message says what, in German."""


def say(text: str = "") -> None:
    print(text, flush=True)


def seconds(since: float) -> str:
    return f"{time.monotonic() - since:.1f} s".replace(".", ",")


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Show what is being done and how long it took."""
    print(f"  {what + ' …':44}", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say("gescheitert")
        raise
    say(seconds(started))
