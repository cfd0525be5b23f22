"""Small PDFs written by hand, for the tests of the PDF reader."""

import textwrap
from dataclasses import dataclass, field

FONTS = {
    "mono": "Courier",
    "mono-bold": "Courier-Bold",
    "sans": "Helvetica",
    "sans-bold": "Helvetica-Bold",
    "wingdings": "Wingdings",
}
WIDTH, HEIGHT = 595, 842


@dataclass
class PdfPage:
    """A page to draw on; places in points from its upper left corner."""

    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float = 10, font: str = "mono") -> None:
        """One line of text, its baseline at ``y``."""
        safe = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.parts.append(f"BT /{font} {size} Tf {x} {HEIGHT - y} Td ({safe}) Tj ET")

    def block(
        self,
        x: float,
        y: float,
        text: str,
        *,
        chars: int = 70,
        size: float = 10,
        leading: float = 13,
        font: str = "mono",
        hang: float = 0,
    ) -> float:
        """Text broken after ``chars`` signs of a fixed-width font; gives the next baseline.

        Further lines are moved by ``hang``; a line feed in the text begins a new line.
        """
        lines = [
            line
            for part in text.split("\n")
            for line in textwrap.wrap(part, chars, break_on_hyphens=False)
        ]
        for i, line in enumerate(lines):
            self.text(x + (hang if i else 0), y + i * leading, line, size, font)
        return y + len(lines) * leading

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A ruled line."""
        self.parts.append(f"0.5 w {x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S")

    def dot(self, x: float, y: float, size: float = 4) -> None:
        """A filled square that stands for a drawn bullet."""
        self.parts.append(f"{x} {HEIGHT - y} {size} {size} re f")

    def image(self) -> None:
        """A grey image over the whole page, as a scanner makes it."""
        data = "q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
        self.parts.append(data)


@dataclass
class PdfBuilder:
    """A PDF file in the making."""

    pages: list[PdfPage] = field(default_factory=list)
    title: str = ""
    encrypted: bool = False
    rotate: int = 0

    def page(self) -> PdfPage:
        """A new page at the end."""
        self.pages.append(PdfPage())
        return self.pages[-1]

    def build(self) -> bytes:
        """The file."""
        fonts = " ".join(
            f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{base} "
            "/Encoding /WinAnsiEncoding >>"
            for name, base in FONTS.items()
        )
        kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(self.pages)))
        objects = {
            1: "<< /Type /Catalog /Pages 2 0 R >>",
            2: f"<< /Type /Pages /Kids [{kids}] /Count {len(self.pages)} >>",
            3: f"<< /Title ({self.title}) >>",
            4: "<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 "
            f"/O <{'01' * 32}> /U <{'02' * 32}> >>",
        }
        for i, page in enumerate(self.pages):
            content = "\n".join(page.parts)
            length = len(content.encode("cp1252", "replace"))
            objects[5 + 2 * i] = (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
                f"/Rotate {self.rotate} /Resources << /Font << {fonts} >> >> "
                f"/Contents {6 + 2 * i} 0 R >>"
            )
            objects[6 + 2 * i] = f"<< /Length {length} >>\nstream\n{content}\nendstream"
        out, places = b"%PDF-1.4\n", {}
        for number, body in objects.items():
            places[number] = len(out)
            out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252", "replace")
        start = len(out)
        out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
        out += b"".join(f"{places[number]:010} 00000 n \n".encode() for number in objects)
        lock = "/Encrypt 4 0 R /ID [<00> <00>] " if self.encrypted else ""
        trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 3 0 R {lock}>>"
        return out + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()
