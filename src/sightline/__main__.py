"""`python -m sightline` is the command `sightline`."""

from __future__ import annotations

from sightline.cli.app import main

if __name__ == "__main__":
    main()
