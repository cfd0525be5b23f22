"""Builds the sample reports in cli/samples and their gold labels in tests/samples/gold.jsonl.

    python scripts/build_samples.py [NAME ...]

Needed only to change a sample. Wants LibreOffice (``soffice``) with the hyphenation patterns of
the four languages; the PDF reports are the Word files it prints.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
from sample_docx import write_docx
from sample_html import write_html
from sample_source import SampleReport, read_source

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "tests" / "samples" / "sources"
SAMPLES = ROOT / "cli" / "samples"
GOLD = ROOT / "tests" / "samples" / "gold.jsonl"


def main(names: list[str]) -> None:
    """Builds the named reports (all by default) and writes all gold lines."""
    SAMPLES.mkdir(parents=True, exist_ok=True)
    lines = []
    for source in sorted(SOURCES.glob("*.txt")):
        report = read_source(source)
        target = SAMPLES / report.file_name
        if not names or report.name in names or not target.exists():
            _build(report, target)
        report_lines = list(gold_lines(report, target))
        lines += report_lines
        labels = Counter(line["labels"][0] if line["labels"] else "none" for line in report_lines)
        print(f"{target.name}: {len(report_lines)} passages, {dict(labels)}")
    GOLD.write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines), "utf-8")


def _build(report: SampleReport, target: Path) -> None:
    if report.meta["format"] == "html":
        write_html(report, target)
        return
    with tempfile.TemporaryDirectory() as folder:
        word, printed = Path(folder) / "r.docx", Path(folder) / "r.pdf"
        write_docx(report, word, {})
        if report.meta.get("contents_title"):
            # Once to learn on which page each chapter starts, once to say so.
            _print(word, printed)
            write_docx(report, word, _heading_pages(report, printed))
        _print(word, printed)
        made = word if report.meta["format"] == "docx" else printed
        target.write_bytes(made.read_bytes())
        print(f"{target.name}: {len(_page_texts(printed))} pages, {target.stat().st_size:,} bytes")


def _print(word: Path, printed: Path) -> None:
    profile = f"-env:UserInstallation=file://{tempfile.gettempdir()}/whatworks-samples-office"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1705309200"}
    subprocess.run(
        [*command, str(printed.parent), str(word)],
        check=True,
        stdout=subprocess.DEVNULL,
        env=environment,
    )
    pdf = printed.read_bytes()
    # Same lengths, so that the offsets in the cross-reference table stay true.
    pdf = re.sub(rb"/CreationDate\(D:\d{14}[^)]*\)", _fixed_date, pdf)
    pdf = re.sub(rb"(?<=<)[0-9A-F]{32}(?=>)", b"0" * 32, pdf)
    pdf = re.sub(rb"(?<=DocChecksum /)[0-9A-F]{32}", b"0" * 32, pdf)
    printed.write_bytes(pdf)


def _fixed_date(match: re.Match[bytes]) -> bytes:
    return b"/CreationDate(D:20240115090000Z".ljust(len(match[0]) - 1, b"'") + b")"


def _page_texts(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [letters(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def _heading_pages(report: SampleReport, pdf: Path) -> dict[str, int]:
    texts = _page_texts(pdf)
    pages: dict[str, int] = {}
    # After the title and contents pages; chapters come in order.
    at = 2
    for element in report.elements:
        if element.kind == "heading":
            wanted = letters(element.text)
            at = next(n for n in range(at, len(texts)) if wanted in texts[n])
            pages[element.text] = at + 1
    return pages


def letters(text: str) -> str:
    """Only the letters and digits, in lower case: a match does not hang on hyphens or spaces."""
    return "".join(re.findall(r"[^\W_]", text.lower()))


def gold_lines(report: SampleReport, built: Path) -> list[dict[str, Any]]:
    """One object a labelled passage, in reading order."""
    texts = _page_texts(built) if built.suffix == ".pdf" else []
    lines: list[dict[str, Any]] = []
    # A web page shows its title as the heading above all others,
    # and the title of a box as a heading of its own.
    is_page = report.meta["format"] == "html"
    title = [report.meta["title"]] if is_page else []
    heading: list[str] = []
    box: list[str] = []
    for element, following in zip(report.elements, [*report.elements[1:], None], strict=True):
        if element.kind == "heading" and element.boxed:
            box = [element.text] if is_page else []
        elif element.kind == "heading":
            heading = [*heading[: element.level - 1], element.text]
        if not element.boxed:
            box = []
        before_list = following is not None and following.kind in ("bullet", "number")
        for gold in element.gold:
            kind = "paragraph" if element.kind == "paragraph" else "list item"
            if kind == "paragraph" and before_list and gold.plain.endswith(":"):
                kind = "lead-in"
            start = letters(gold.plain)[:40]
            page = next((n + 1 for n, text in enumerate(texts) if start in text), None)
            lines.append(
                {
                    "report": built.name,
                    "order": len(lines) + 1,
                    "lang": report.meta["lang"],
                    "register": gold.register,
                    "kind": "part" if len(element.gold) > 1 else kind,
                    "heading": [*title, *heading, *box],
                    "page": page,
                    "text": gold.plain,
                    "labels": list(gold.labels),
                    "themes": list(gold.themes),
                }
            )
    return lines


if __name__ == "__main__":
    main(sys.argv[1:])
