#!/usr/bin/env python
"""Django's command line, on the development settings unless the environment names others."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    from cms.command_line import main

    main(sys.argv)


if __name__ == "__main__":
    main()
