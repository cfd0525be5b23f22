"""The command line's entry point: ``whatworks`` and ``python -m whatworks``."""

from .cli.app import main

if __name__ == "__main__":
    main()
