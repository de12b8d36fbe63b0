"""`make bench`: every measurement beside its limit, one after the other, on servers of their own.

python -m bench                    all of them
python -m bench search --times 10  a single one, with its options
"""

import subprocess
import sys

from smartcities.tryout import services

PARTS = (
    ["web"],
    ["web", "--times", "100", "--rounds", "3", "--requests", "240"],
    ["rush"],
    ["search"],
    ["administration"],
    ["tables"],
    ["booking"],
    ["registering"],
    ["mail"],
    ["reminders"],
    ["subscribing"],
    ["memory"],
)


def main() -> None:
    with services.throw_away():
        for name, *options in [sys.argv[1:]] if sys.argv[1:] else PARTS:
            print("\n=== python -m bench", name, *options, flush=True)
            subprocess.run([sys.executable, "-m", f"bench.{name}", *options], check=True)


if __name__ == "__main__":
    main()
