"""What can go wrong that a user can put right."""

from pathlib import Path


class WhatworksError(Exception):
    """Something a user can put right; its text is one or two plain sentences."""


class UnreadableReportError(WhatworksError):
    """A report that cannot be read. Other reports of the same run go on."""

    def __init__(self, path: str | Path, cause: str, cure: str) -> None:
        self.path = str(path)
        self.cause = cause
        """What is wrong, a sentence without the file's name: 'The PDF is encrypted.'"""
        self.cure = cure
        """What the user can do: 'Open it with its password and save a copy without one.'"""
        super().__init__(f"{self.path}: {cause} {cure}")

    def __reduce__(self) -> tuple[type["UnreadableReportError"], tuple[str, str, str]]:
        """So that it comes whole out of another process."""
        return type(self), (self.path, self.cause, self.cure)
