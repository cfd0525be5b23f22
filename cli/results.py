"""Where the suggestions of a run go: result files, and standard output."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..labels.exchange.interface import ENDINGS, ResultWriter
from ..labels.suggestions import ReportSuggestions, SkippedFile
from ..nlp.errors import WhatworksError
from .streams import discard_standard_output, is_gone, unprintable


class Results:
    """Hands every report to all writers. One that fails does not stop the others."""

    def __init__(self, files: Mapping[Path, ResultWriter], shown: ResultWriter | None) -> None:
        """Joins writers that have been entered.

        Args:
            files: the writer of each result file.
            shown: what writes to standard output.
        """
        self._files = dict(files)
        self._shown = shown
        self.written: list[Path] = []
        """The result files that are complete and in their place."""
        self.failures: list[WhatworksError] = []
        """Why the others are not."""

    def write(self, report: ReportSuggestions) -> None:
        """Takes the suggestions for the next report.

        Raises:
            WhatworksError: no result file is left that could be written, nor standard output.
            BrokenPipeError: who read standard output went away, and there is no result file.
        """
        self._each(lambda writer: writer.write(report))

    def finish(self, skipped: Sequence[SkippedFile]) -> None:
        """Completes the files; raises as ``write`` does."""

        def complete(path: Path) -> None:
            self.written.append(path)

        self._each(lambda writer: writer.finish(skipped), complete)

    def _each(
        self, act: Callable[[ResultWriter], None], then: Callable[[Path], None] | None = None
    ) -> None:
        self._show(act)
        for path, writer in list(self._files.items()):
            try:
                act(writer)
            except WhatworksError as error:
                self.failures.append(error)
                del self._files[path]
            else:
                if then is not None:
                    then(path)
        if self.failures and not self._files:
            raise self.failures.pop()

    def _show(self, act: Callable[[ResultWriter], None]) -> None:
        if self._shown is None:
            return
        try:
            act(self._shown)
        except OSError as error:
            if not self._files:
                raise (error if is_gone(error) else unprintable(error)) from error
            # `| head` has seen enough; the result files are still wanted.
            self._shown = None
            discard_standard_output()
            if not is_gone(error):
                self.failures.append(unprintable(error))


def check_outputs(paths: Sequence[Path]) -> list[Path]:
    """The result files, each once; what is wrong with them is said before anything is read.

    Raises:
        WhatworksError: given twice, of an ending that is not written, or in no folder.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.suffix.lower() not in ENDINGS:
            raise WhatworksError(
                f"{path}: whatworks does not write '{path.suffix}' files. "
                f"End the name in one of {', '.join(ENDINGS)}."
            )
        check_place(path, seen)
    return list(paths)


def check_place(path: Path, seen: set[Path]) -> None:
    """Lets a result file through that can be written, and adds it to those seen.

    Raises:
        WhatworksError: it was seen before, or cannot come to be in its place.
    """
    from ..labels.exchange.files import check_target

    if path.resolve() in seen:
        raise WhatworksError(f"{path}: given twice with -o. Give each result file once.")
    if not path.resolve().parent.is_dir():
        raise WhatworksError(
            f"{path}: There is no folder '{path.parent}'. Create it, or give another place."
        )
    check_target(path)
    seen.add(path.resolve())
