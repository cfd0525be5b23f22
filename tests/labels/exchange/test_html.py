import html
import re
from pathlib import Path

from whatworks.labels.codebook import load_codebook
from whatworks.labels.exchange import html as page_module
from whatworks.labels.exchange.html import content_hash
from whatworks.labels.suggestions import SkippedFile

TEMPLATES = Path(page_module.__file__).parent / "templates"


def contrast(one: str, two: str) -> float:
    """The contrast ratio of WCAG 2 between two '#rrggbb' colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_text_from_reports_is_escaped_everywhere(hostile_page, hostile):
    source = hostile_page.read_text("utf-8")
    assert source.count("<script>") == source.count("</script>") == 1
    assert source.count("<style>") == source.count("</style>") == 1
    assert "<img" not in source
    assert html.escape(hostile, quote=False).split("&#")[0][:40] in source


def test_the_policy_admits_only_the_pages_own_script_and_style(
    write_result, make_report, make_item
):
    source = write_result("r.html", make_report(make_item())).read_text("utf-8")
    policy = html.unescape(re.search(r'Policy" content="([^"]+)"', source)[1])
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == content_hash(source.split("<script>")[1].split("</script>")[0])
    assert rules["style-src"] == content_hash(source.split("<style>")[1].split("</style>")[0])
    assert not re.search(r'\s(style|on\w+)="', source.split("</style>")[1].split("<script>")[0])


def test_the_page_names_no_address_of_the_network(write_result, make_report, make_item):
    source = write_result("r.html", make_report(make_item())).read_text("utf-8")
    assert not re.search(r"https?:|//\w+\.\w|@import|url\(", source)


def test_every_passage_is_there_with_the_mark_numbers_and_words(
    write_result, make_report, make_item
):
    none = make_item(text="Nothing here.", labels={}, order=2)
    source = write_result("r.html", make_report(make_item(), none)).read_text("utf-8")
    assert "Suggestions by a model: no one has confirmed them yet" in source
    assert "<b>Success factor</b> 91%, very likely" in source
    assert "Nothing here." in source
    assert 'class="p n"' in source


def test_stretches_of_one_table_are_one_section(write_result, make_report, make_item):
    stretch = [make_report(make_item(order=n), name="t.csv", is_table=True) for n in (1, 2)]
    source = write_result("r.html", *stretch, make_report(make_item())).read_text("utf-8")
    assert source.count('<section class="report"') == source.count("</section>\n") - 2 == 2


def test_headings_are_given_once_and_again_where_they_change(write_result, make_report, make_item):
    paths = [("A", "B"), ("A", "B"), ("A", "C"), ("D", "C")]
    items = [make_item(heading=path, order=n) for n, path in enumerate(paths, 1)]
    source = write_result("r.html", make_report(*items)).read_text("utf-8")
    found = re.findall(r'<h(\d) class="h" data-level="(\d)">(\w)<', source)
    assert found == [
        ("3", "1", "A"),
        ("4", "2", "B"),
        ("4", "2", "C"),
        ("3", "1", "D"),
        ("4", "2", "C"),
    ]


def test_skipped_files_stand_at_the_end_or_none(write_result):
    skipped = (SkippedFile("scan.pdf", "It is a scan.", "Run OCR."),)
    assert "It is a scan. Run OCR." in write_result("a.html", skipped=skipped).read_text("utf-8")
    assert "None: every file was read." in write_result("b.html").read_text("utf-8")


def test_colours_have_the_contrast_that_reading_needs():
    style = (TEMPLATES / "style.css").read_text("utf-8")
    colour = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", style))
    focused = re.search(r":target\{background:(#\w+)", style)[1]
    for ground in (colour["paper"], focused, "#ffffff"):
        for ink in (colour["ink"], colour["quiet"], colour["accent"], "#8a3b00"):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    for finding_type in load_codebook("ilo-social-protection").finding_types:
        assert contrast(finding_type.colour, "#ffffff") >= 4.5
