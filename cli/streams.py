"""Standard output when it fails: the reader went away, or the disk is full."""

import errno
import os
import sys

from ..nlp.errors import WhatworksError


def is_gone(error: OSError) -> bool:
    """Whether who read standard output has seen enough, as `| head` does."""
    return error.errno in (errno.EPIPE, errno.ESHUTDOWN)


def discard_standard_output() -> None:
    """Sends what is still to be printed nowhere, so that it cannot fail once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def unprintable(error: OSError) -> WhatworksError:
    """What a user should know when standard output cannot be written."""
    return WhatworksError(
        f"Standard output cannot be written: {error.strerror or error}. "
        "Free some space where it goes, or write a result file with -o."
    )
