#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcities.settings.dev")
    from smartcities.operations.command_line import execute  # noqa: PLC0415 - settings first

    execute(sys.argv)


if __name__ == "__main__":
    main()
