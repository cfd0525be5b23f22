from pathlib import Path

import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.nlp.errors import WhatworksError
from whatworks.training.simulating.files import any_labels, finding_types, no_vectors


def file(tmp_path: Path, text: str, name: str = "labelled.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_one_label_a_passage_excludes_the_others_and_an_empty_cell_is_none(tmp_path: Path) -> None:
    given = any_labels(file(tmp_path, "text,Kind,doc\nA,x,1\nB,,1\nC,y,2\n,y,2\n"), "kind")
    assert given.exclusive
    assert given.labels == ("none", "x", "y")
    assert given.found == (("x",), ("none",), ("y",))
    assert given.reports == ("1", "1", "2")
    material = given.material(no_vectors(given.texts))
    assert material.given.sum(axis=1).tolist() == [1, 1, 1]


def test_several_labels_in_a_cell_make_any_number_possible(tmp_path: Path) -> None:
    text = '{"text": "A", "kinds": ["x", "y"], "reports": ["1", "2"]}\n{"text": "B", "kinds": []}\n'
    given = any_labels(file(tmp_path, text, "labelled.jsonl"), "kinds", "reports")
    assert not given.exclusive
    assert given.found == (("x", "y"), ())
    assert given.reports == ("1", "row 2")


def test_without_a_report_each_passage_is_one_of_its_own(tmp_path: Path) -> None:
    given = any_labels(file(tmp_path, "text,label\nA,x\nB,y\n"), "label")
    assert len(set(given.reports)) == 2
    assert given.notes[0].startswith("No column 'report'")


def test_a_missing_column_is_told_with_the_nearest(tmp_path: Path) -> None:
    path = file(tmp_path, "text,labels,doc\nA,x,1\n")
    with pytest.raises(
        WhatworksError, match=r"no column 'label' with the labels\. Nearest: 'labels'"
    ):
        any_labels(path, "label")
    with pytest.raises(WhatworksError, match="no column 'reprot' with the reports"):
        any_labels(path, "labels", "reprot")


def test_finding_types_are_read_as_evaluate_reads_them(tmp_path: Path) -> None:
    path = file(tmp_path, "text,labels,report\nA,obstacle; lesson,1\nB,,1\n")
    given = finding_types(path, load_codebook())
    assert given.labels == load_codebook().finding_type_ids
    assert given.found == (("obstacle", "lesson"), ())
    assert not given.exclusive
