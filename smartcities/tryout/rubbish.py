"""Python's look for rubbish that refers to itself, of which migrating makes much."""

import gc


def let_it_lie() -> None:
    """Look for it seldom from now on: migrating makes every model many times over.

    Looking all the while takes a fifth of the time; so the process takes 340 MB instead of 170.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
