"""A real LibreOffice without a window: opens a workbook, types into it, saves it."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" \
script:language="StarBasic">{code}</script:module>
"""
# Opened as a user opens it, with a view: --convert-to has none, and loses frozen panes by that.
_CODE = """
Sub Work()
  On Error Goto Failed
  Dim none()
  Dim how({last}) As New com.sun.star.beans.PropertyValue
  book = StarDesktop.loadComponentFromURL(ConvertToURL({source}), "_blank", 0, none())
  page = book.Sheets.getByName({sheet})
{lines}
{options}
  book.storeToURL(ConvertToURL({target}), how())
  book.close(True)
  Exit Sub
Failed:
  Open {errors} For Append As #1
  Print #1, "line " + Erl + ": " + Error$
  Close #1
End Sub
"""
_XLSX = {"FilterName": "Calc MS Excel 2007 XML"}
# The second sheet, in UTF-8, cells as they are shown.
_CSV = {
    "FilterName": "Text - txt - csv (StarCalc)",
    "FilterOptions": "44,34,76,1,,0,false,true,false,false,false,2",
}


class Office:
    """LibreOffice with a profile of its own, so that nobody's settings matter or change."""

    def __init__(self, program: str, profile: Path) -> None:
        self._program = program
        self._profile = profile
        # A new profile is filled at the first start, which would overwrite the macro.
        self._run("--terminate_after_init")

    def save(
        self, path: Path, ending: str = ".xlsx", cells: Mapping[str, str | float] | None = None
    ) -> Path:
        """What LibreOffice saves after somebody typed into these cells of the sheet Review."""
        target = path.with_name(f"{path.stem}-saved{ending}")
        errors = path.with_name("errors.txt")
        errors.unlink(missing_ok=True)
        options = _CSV if ending == ".csv" else _XLSX
        code = _CODE.format(
            last=len(options) - 1,
            source=_text(str(path)),
            target=_text(str(target)),
            errors=_text(str(errors)),
            sheet=_text("Review"),
            lines="\n".join(_typed(cell, value) for cell, value in (cells or {}).items()),
            options="\n".join(
                f"  how({n}).Name = {_text(name)}\n  how({n}).Value = {_text(value)}"
                for n, (name, value) in enumerate(options.items())
            ),
        )
        module = self._profile / "user/basic/Standard/Module1.xba"
        module.write_text(_MODULE.format(code=escape(code)), "utf-8")
        self._run("macro:///Standard.Module1.Work()")
        assert not errors.exists(), errors.read_text()
        return target if target.exists() else next(path.parent.glob(f"{target.stem}-Review*"))

    def _run(self, *arguments: str) -> None:
        command = [self._program, f"-env:UserInstallation={self._profile.as_uri()}", "--headless"]
        subprocess.run([*command, *arguments], check=True, capture_output=True, timeout=180)


def find_office(profile: Path) -> Office:
    """LibreOffice; without one the test is skipped, but in CI it fails."""
    found = shutil.which("soffice")
    if found is None:
        # There these tests are the only proof that a spreadsheet program keeps our workbooks.
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing: run scripts/install-test-system.sh")
        pytest.skip("needs LibreOffice (soffice), which is not installed")
    return Office(found, profile)


def _typed(cell: str, value: str | float) -> str:
    how = f"setString({_text(value)})" if isinstance(value, str) else f"setValue({value})"
    return f'  page.getCellRangeByName("{cell}").{how}'


def _text(value: str) -> str:
    lines = ('"' + line.replace('"', '""') + '"' for line in value.split("\n"))
    return " + Chr(10) + ".join(lines)
