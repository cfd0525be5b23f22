"""The command line's entry point: ``whatworks`` and ``python -m whatworks``."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Runs the command line and exits."""
    try:
        # Imported here: processes that read reports import this module and need no commands.
        from .cli.app import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
