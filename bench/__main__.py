"""`make bench`: every measurement beside its limit, one after the other, on servers of their own."""

import subprocess
import sys

from smartcities.tryout import services

PARTS = (
    ["bench.web"],
    ["bench.web", "--times", "100", "--rounds", "3", "--requests", "240"],
    ["bench.search"],
    ["bench.administration"],
    ["bench.booking"],
    ["bench.registering"],
    ["bench.mail"],
    ["bench.reminders"],
)


def main() -> None:
    with services.throw_away():
        for part in PARTS:
            print(f"\n=== python -m {' '.join(part)}", flush=True)
            subprocess.run([sys.executable, "-m", *part], check=True)


if __name__ == "__main__":
    main()
