"""Sample reports as web pages: menu, contents, article with endnotes, foot of the site."""

import re
from html import escape
from pathlib import Path

from sample_source import Element, SampleReport, spans

_STYLE = """
body { margin: 0; font: 17px/1.6 Georgia, "Liberation Serif", serif; color: #222; }
.site-header, .site-footer { background: #COLOUR; color: #fff; padding: .8rem 2rem;
  font: 15px/1.5 Helvetica, "Liberation Sans", sans-serif; }
.site-header a, .site-footer a { color: #fff; margin-right: 1.2rem; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; hyphens: auto; }
h1, h2, h3, h4, .toc, table, figcaption, .box h4 { font-family: Helvetica, "Liberation Sans",
  sans-serif; hyphens: none; }
h1, h2, h3 { color: #COLOUR; line-height: 1.25; break-after: avoid; }
.kicker { text-transform: uppercase; letter-spacing: .08em; font-size: .8rem; margin-bottom: 0; }
.imprint, .notice, .source, .notes { font-size: .85rem; color: #555; }
.toc { background: #f4f4f0; padding: .8rem 1.4rem; font-size: .9rem; }
.box { border-left: 4px solid #COLOUR; background: #f4f4f0; padding: .4rem 1.2rem; }
table { border-collapse: collapse; font-size: .85rem; width: 100%; }
th, td { border-bottom: 1px solid #bbb; padding: .3rem .6rem; text-align: left; }
caption { text-align: left; font-weight: bold; padding-bottom: .3rem; }
@media print { nav, .site-footer { display: none; } }
"""


def write_html(report: SampleReport, path: Path) -> None:
    """Writes the report as one self-contained page."""
    meta, notes = report.meta, list[str]()
    body = _body(report.elements, notes)
    chapters = [e for e in report.elements if e.kind == "heading" and e.level == 1]
    links = "\n".join(
        f'<li><a href="#{_anchor(e.text)}">{escape(e.text)}</a></li>' for e in chapters
    )
    menu = "".join(f'<a href="#">{escape(item)}</a>' for item in meta["menu"])
    note_items = "\n".join(
        f'<li id="nota-{n}">{escape(text)} <a href="#ref-{n}" title="&#8617;">&#8617;</a></li>'
        for n, text in enumerate(notes, start=1)
    )
    imprint = "<br>\n".join(escape(line) for line in meta["imprint"])
    style = _STYLE.replace("#COLOUR", f"#{meta['colour']}").strip()
    path.write_text(
        f"""<!DOCTYPE html>
<html lang="{meta["locale"]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(meta["title"])} | {escape(meta["organisation"])}</title>
<style>
{style}
</style>
</head>
<body>
<header class="site-header"><strong>{escape(meta["organisation"])}</strong>
<nav>{menu}</nav></header>
<main>
<article>
<p class="kicker">{escape(meta["type"])}</p>
<h1>{escape(meta["title"])}</h1>
<p class="subtitle"><em>{escape(meta["subtitle"])}</em></p>
<p class="imprint">{imprint}</p>
<p class="notice">{escape(meta["notice"])}</p>
<nav class="toc" aria-label="{escape(meta["contents_title"])}">
<h2>{escape(meta["contents_title"])}</h2>
<ol>
{links}
</ol>
</nav>
{body}
<section class="notes" role="doc-endnotes">
<h2>{escape(meta["notes_title"])}</h2>
<ol>
{note_items}
</ol>
</section>
</article>
</main>
<footer class="site-footer">{menu}<p>{escape(meta["foot"])}</p></footer>
</body>
</html>
""",
        "utf-8",
    )


def _body(elements: tuple[Element, ...], notes: list[str]) -> str:
    html: list[str] = []
    caption = ""
    open_list = ""
    boxed = False
    for element in elements:
        wanted = {"bullet": "ul", "number": "ol"}.get(element.kind, "")
        if open_list and wanted != open_list:
            html.append(f"</{open_list}>")
            open_list = ""
        if boxed != element.boxed:
            html.append('<aside class="box">' if element.boxed else "</aside>")
            boxed = element.boxed
        if wanted and not open_list:
            html.append(f"<{wanted}>")
            open_list = wanted
        text = _inline(element.text, notes)
        if element.kind == "heading":
            # The page's title is its only h1.
            level = 4 if element.boxed else element.level + 1
            html.append(f'<h{level} id="{_anchor(element.text)}">{text}</h{level}>')
        elif wanted:
            html.append(f"<li>{text}</li>")
        elif element.kind == "caption":
            caption = text
        elif element.kind == "table":
            html.append(_table(element, caption))
        elif element.kind == "source":
            html.append(f'<p class="source">{text}</p>')
        elif element.kind == "paragraph":
            html.append(f"<p>{text}</p>")
    if open_list:
        html.append(f"</{open_list}>")
    return "\n".join(html)


def _table(element: Element, caption: str) -> str:
    first, *rest = element.rows
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in first)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rest
    )
    return (
        f"<table>\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _inline(text: str, notes: list[str]) -> str:
    html = ""
    for kind, piece in spans(text):
        if kind == "note":
            notes.append(piece)
            n = len(notes)
            html += f'<sup><a id="ref-{n}" href="#nota-{n}">{n}</a></sup>'
        else:
            before, after = {"bold": ("<strong>", "</strong>"), "italic": ("<em>", "</em>")}.get(
                kind, ("", "")
            )
            html += before + escape(piece, quote=False) + after
    return html


def _anchor(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower()).strip("-")
