import json
from pathlib import Path

import jsonschema
import pytest

from whatworks.labels.exchange.jsonl import json_lines

SCHEMA = Path(__file__).parents[3] / "docs" / "passage.schema.json"
RESULTS_PAGE = SCHEMA.with_name("results.md")
FIRST_KEYS = [
    "report",
    "passage_id",
    "order",
    "page",
    "heading",
    "language",
    "text",
    "labels",
    "probabilities",
    "themes",
    "model",
]


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def read(path):
    # Not splitlines: a text may hold other signs that end a line.
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def test_a_passage_is_written_key_by_key(write_result, make_report, make_item):
    item = make_item(labels={"lesson": 0.61239, "obstacle": 0.9}, lead_in="Two reasons:")
    assert read(write_result("r.jsonl", make_report(item))) == [
        {
            "report": "report.pdf",
            "passage_id": "0000000000000001",
            "order": 1,
            "page": 3,
            "heading": ["Findings", "Effectiveness"],
            "language": "en",
            "text": "Local staff stayed in the villages.",
            "labels": ["obstacle", "lesson"],
            "probabilities": {
                "success_factor": 0.05,
                "obstacle": 0.9,
                "lesson": 0.6124,
                "good_practice": 0.05,
            },
            "themes": [{"id": "local-presence", "probability": 0.75}],
            "model": "starter 1.0 (bundled encoder)",
            "lead_in": "Two reasons:",
            "start": 0,
            "end": 35,
            "kind": "list item",
        }
    ]


def test_the_keys_come_in_the_documented_order(info, make_report, make_item):
    (line,) = json_lines(make_report(make_item()), info, include_none=False)
    assert list(json.loads(line)) == [*FIRST_KEYS, "lead_in", "start", "end", "kind"]


def test_every_line_is_as_the_schema_says(validator, write_result, make_report, make_item):
    items = [
        make_item(),
        make_item(labels={}, page=None, heading=(), order=2),
        make_item(labels={"obstacle": 1.0, "lesson": 0.5}, themes=(), order=3, lead_in="Why:"),
    ]
    rows = [make_item(columns={"country": "Togo", "year": 2019, "score": float("nan"), "x": None})]
    lines = read(
        write_result(
            "r.jsonl",
            make_report(*items),
            make_report(*rows, name="table.csv", is_table=True),
            include_none=True,
        )
    )
    assert len(lines) == 4
    for line in lines:
        validator.validate(line)
    assert lines[3]["columns"] == {"country": "Togo", "year": 2019, "score": None, "x": None}


def test_the_schema_refuses_what_is_no_passage(validator, info, make_report, make_item):
    (line,) = json_lines(make_report(make_item()), info, include_none=False)
    for wrong in ({"order": 0}, {"probabilities": {"lesson": 1.2}}, {"confirmed": True}):
        assert not validator.is_valid(json.loads(line) | wrong)


def test_the_page_about_results_names_every_key(validator):
    page = RESULTS_PAGE.read_text("utf-8")
    for key in validator.schema["properties"]:
        assert f"`{key}`" in page


def test_passages_without_a_label_are_left_out_by_default(write_result, make_report, make_item):
    report = make_report(make_item(), make_item(labels={}, order=2))
    assert [line["order"] for line in read(write_result("a.jsonl", report))] == [1]
    assert [line["order"] for line in read(write_result("b.jsonl", report, include_none=True))] == [
        1,
        2,
    ]


def test_every_row_of_a_table_is_written_in_order(write_result, make_report, make_item):
    rows = [make_item(labels={} if n % 2 else None, order=n) for n in (1, 2, 3, 4)]
    report = make_report(*rows, name="table.xlsx", is_table=True)
    lines = read(write_result("r.jsonl", report))
    assert [line["order"] for line in lines] == [1, 2, 3, 4]
    assert all(line["columns"] == {} for line in lines)


def test_the_text_is_kept_letter_by_letter(write_result, make_report, make_item):
    text = 'É "ç" \\ \u2028 =1+1 </script> 漢字 😀'
    (line,) = read(write_result("r.jsonl", make_report(make_item(text=text))))
    assert line["text"] == text
