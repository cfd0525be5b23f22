"""The parts of a Word file that its reading needs: opened with care, parsed, styles looked up."""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lxml import etree

from ..errors import UnreadableReportError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAX_TOTAL_BYTES = 1_000_000_000
_MAX_PART_BYTES = 300_000_000
_LARGE_PART_BYTES = 50_000_000
_MAX_RATIO = 150
# Files saved as 'Strict Open XML' name the same elements by other addresses.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = W[1:-1].encode()
_HEADING_NAME = re.compile(r"heading (\d)$")
_BODY_LEVEL = 9

Element = Any
"""An lxml element; lxml comes without types."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says about its paragraphs, with what it takes from its base."""

    name: str = ""
    """In lower case and English for Word's own styles, whatever language Word speaks."""
    outline: int | None = None
    """0 to 8 for headings, 9 for plain text."""
    list_level: int | None = None
    """Depth from 0 where the style numbers or bullets its paragraphs."""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """A Word file taken apart."""

    body: Element
    styles: dict[str, Style]
    default_style: str
    footnotes: dict[str, Element]
    endnotes: dict[str, Element]
    title: str


def open_package(path: Path, data: bytes) -> Package:
    """The parts of a Word file.

    Raises:
        UnreadableReportError: The file is damaged, not a Word document, or unpacks to gigabytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_size(path, archive)
            return _package(path, archive)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(path, "its zip container is broken") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise _damaged(path, "its zip container is broken") from error
    except RuntimeError as error:  # zipfile's word for an encrypted member
        raise UnreadableReportError(
            path, "It is encrypted with a password.", "Save a copy without one."
        ) from error
    except etree.XMLSyntaxError as error:
        raise _damaged(path, "its text is broken off or garbled") from error


def _damaged(path: Path, what: str) -> UnreadableReportError:
    return UnreadableReportError(
        path,
        f"The Word file is damaged: {what}.",
        "Get a new copy, or open it in Word, which may repair it, and save it again.",
    )


def _check_size(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if total > _MAX_TOTAL_BYTES or any(_is_bomb(member) for member in members):
        raise UnreadableReportError(
            path,
            f"It would unpack to {total / 1e9:.1f} GB, far more than a report holds.",
            "If it is a real report, save it again without its pictures, or in parts.",
        )


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    if not member.filename.endswith((".xml", ".rels")):
        return False
    # Word's own text shrinks ten- to thirtyfold.
    ratio = member.file_size / max(1, member.compress_size)
    return member.file_size > _MAX_PART_BYTES or (
        member.file_size > _LARGE_PART_BYTES and ratio > _MAX_RATIO
    )


def _package(path: Path, archive: zipfile.ZipFile) -> Package:
    names = set(archive.namelist())
    main = _target(archive, names, "_rels/.rels", "officeDocument") or "word/document.xml"
    if main not in names:
        raise UnreadableReportError(
            path,
            "It is not a Word document: it has no document part.",
            "Open it in Word and save it as .docx.",
        )
    document = _parse(archive, main)
    body = document.find(f"{W}body")
    if body is None:
        raise UnreadableReportError(
            path,
            "It is not a Word document: its main part holds none.",
            "Open it in Word and save it as .docx.",
        )
    folder, name = posixpath.split(main)
    relations = f"{folder}/_rels/{name}.rels"

    def part(kind: str) -> Element | None:
        target = _target(archive, names, relations, kind, folder)
        return _parse(archive, target) if target else None

    styles, default_style = _styles(part("styles"))
    return Package(
        body=body,
        styles=styles,
        default_style=default_style,
        footnotes=_notes(part("footnotes")),
        endnotes=_notes(part("endnotes")),
        title=_title(archive, names),
    )


def _parse(archive: zipfile.ZipFile, name: str) -> Element:
    # No entities, no network: a report is data, whatever it claims.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(name).replace(_STRICT, _TRANSITIONAL), parser)


def _target(
    archive: zipfile.ZipFile, names: set[str], relations: str, kind: str, folder: str = ""
) -> str | None:
    """The name of the part that a relation of this kind leads to, None where there is none."""
    if relations not in names:
        return None
    for relation in _parse(archive, relations):
        if str(relation.get("Type", "")).endswith(f"/{kind}"):
            target = str(relation.get("Target", ""))
            joined = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found = posixpath.normpath(joined)
            return found if found in names else None
    return None


def _notes(part: Element | None) -> dict[str, Element]:
    if part is None:
        return {}
    return {note.get(f"{W}id"): note for note in part if note.get(f"{W}type", "normal") == "normal"}


def _title(archive: zipfile.ZipFile, names: set[str]) -> str:
    name = "docProps/core.xml"
    title = _parse(archive, name).findtext("{http://purl.org/dc/elements/1.1/}title") if (
        name in names
    ) else None  # fmt: skip
    return str(title or "")


def _styles(part: Element | None) -> tuple[dict[str, Style], str]:
    """Paragraph styles by id, each with what it inherits, and the id of the default one."""
    elements: dict[str, Element] = {}
    default = ""
    for style in part.findall(f"{W}style") if part is not None else ():
        if style.get(f"{W}type") == "paragraph":
            elements[style.get(f"{W}styleId")] = style
            if style.get(f"{W}default") in ("1", "true", "on"):
                default = style.get(f"{W}styleId")
    found: dict[str, Style] = {}
    for style_id in elements:
        _inherit(style_id, elements, found, set())
    return found, default


def _inherit(
    style_id: str, elements: dict[str, Element], found: dict[str, Style], open_ids: set[str]
) -> Style:
    if style_id in found:
        return found[style_id]
    element = elements.get(style_id)
    if element is None or style_id in open_ids:  # a style may, wrongly, be based on itself
        return Style()
    open_ids.add(style_id)
    base = element.find(f"{W}basedOn")
    style = Style()
    if base is not None:
        style = _inherit(base.get(f"{W}val"), elements, found, open_ids)
    name = element.find(f"{W}name")
    style = replace(style, name=(name.get(f"{W}val", "") if name is not None else "").lower())
    if match := _HEADING_NAME.match(style.name):
        style = replace(style, outline=int(match[1]) - 1)
    properties = element.find(f"{W}pPr")
    if properties is not None:
        style = replace(
            style,
            outline=_outline(properties, style.outline),
            list_level=_list_level(properties, style.list_level),
        )
    if (look := element.find(f"{W}rPr")) is not None:
        style = replace(style, bold=is_on(look, "b", style.bold))
    found[style_id] = style
    return style


def _outline(properties: Element, inherited: int | None) -> int | None:
    level = properties.find(f"{W}outlineLvl")
    value = level.get(f"{W}val", "") if level is not None else ""
    return int(value) if value.isdigit() and int(value) <= _BODY_LEVEL else inherited


def _list_level(properties: Element, inherited: int | None) -> int | None:
    numbering = properties.find(f"{W}numPr")
    if numbering is None:
        return inherited
    number, level = numbering.find(f"{W}numId"), numbering.find(f"{W}ilvl")
    if number is not None and number.get(f"{W}val") == "0":
        return None  # numbering taken away from one paragraph of a numbered style
    depth = level.get(f"{W}val", "0") if level is not None else "0"
    return int(depth) if depth.isdigit() else 0


def paragraph_style(package: Package, properties: Element | None) -> Style:
    """The style of a paragraph with what the paragraph itself says otherwise."""
    reference = properties.find(f"{W}pStyle") if properties is not None else None
    style_id = reference.get(f"{W}val") if reference is not None else package.default_style
    style = package.styles.get(style_id, Style())
    if properties is None:
        return style
    return replace(
        style,
        outline=_outline(properties, style.outline),
        list_level=_list_level(properties, style.list_level),
    )


def is_on(properties: Element, name: str, inherited: bool = False) -> bool:
    """Whether a switch such as bold ('b') or hidden ('vanish') is on in a run's properties."""
    switch = properties.find(f"{W}{name}")
    if switch is None:
        return inherited
    return switch.get(f"{W}val", "1") not in ("0", "false", "off")
