import dataclasses

import pytest

from whatworks.labels.decisions import Answer, Decision, Verdict
from whatworks.labels.store.chain import Evidence, decision_hash
from whatworks.nlp.passages import PassageId

DECISION = Decision(
    id=7,
    passage_id=PassageId("0123456789abcdef"),
    annotator="Zoë",
    verdict=Verdict.CORRECT,
    labels=("lesson",),
    themes=("staff",),
    comment="À revoir",
    seconds=12.346,
    blind=True,
    adjudicates=False,
    undoes=None,
    codebook_version=2,
    model_version="starter 1.0",
    round_id=3,
    source="web",
    key="k1",
    made_at="2026-11-23T15:04:05.123456Z",
    hash="",
)
EVIDENCE = Evidence(
    text_sha256="aa",
    codebook_sha256="bb",
    translation={"theme": {"people": "staff", "money": None}},
    round_name="audit 1",
    probability=1 / 3,
    reason="drawn by lot",
    suggestion_id=5,
    model_fingerprint="cc",
    suggested=Answer(("obstacle",)),
)
OTHERS = {
    "id": 8,
    "passage_id": "0123456789abcdee",
    "annotator": "Zoe",
    "verdict": Verdict.CONFIRM,
    "labels": ("lesson", "obstacle"),
    "themes": (),
    "comment": "",
    "seconds": None,
    "blind": False,
    "adjudicates": True,
    "undoes": 6,
    "codebook_version": 3,
    "source": "terminal",
    "key": "k2",
    "made_at": "2026-11-23T15:04:05.123457Z",
}
OTHER_EVIDENCE = {
    "text_sha256": "ab",
    "codebook_sha256": "bc",
    "translation": {},
    "round_name": "audit 2",
    "probability": None,
    "reason": "",
    "suggestion_id": None,
    "model_fingerprint": None,
    "suggested": None,
}


def test_the_hash_of_a_decision_never_changes_from_version_to_version() -> None:
    # A log that was written years ago must still be proved by a newer whatworks.
    assert decision_hash("dd", DECISION, EVIDENCE) == (
        "6e7b58ada4e477a5b63139eef0333d8f258a3b3f3cb2d7d398e5806750e4b136"
    )


def test_every_field_has_a_part_in_the_hash() -> None:
    # The model and the round stand in it by fingerprint and by name.
    fields = {one.name for one in dataclasses.fields(Decision)}
    assert set(OTHERS) == fields - {"hash", "model_version", "round_id"}
    assert set(OTHER_EVIDENCE) == {one.name for one in dataclasses.fields(Evidence)}
    hashes = [decision_hash("dd", DECISION, EVIDENCE), decision_hash("", DECISION, EVIDENCE)]
    for name, value in OTHERS.items():
        changed = dataclasses.replace(DECISION, **{name: value})
        hashes.append(decision_hash("dd", changed, EVIDENCE))
    for name, value in OTHER_EVIDENCE.items():
        rests = dataclasses.replace(EVIDENCE, **{name: value})
        hashes.append(decision_hash("dd", DECISION, rests))
    assert len(set(hashes)) == 2 + len(OTHERS) + len(OTHER_EVIDENCE)


@pytest.mark.parametrize(("one", "other"), [(5, 5.0), (-0.0, 0.0), (0, -0.0)])
def test_a_number_is_the_same_however_an_engine_gives_it_back(one, other) -> None:
    first, second = (dataclasses.replace(DECISION, seconds=seconds) for seconds in (one, other))
    assert decision_hash("", first, EVIDENCE) == decision_hash("", second, EVIDENCE)
    first_drawn, then_drawn = (
        dataclasses.replace(EVIDENCE, probability=chance) for chance in (one, other)
    )
    assert decision_hash("", DECISION, first_drawn) == decision_hash("", DECISION, then_drawn)


def test_what_stands_in_one_field_cannot_be_read_as_two() -> None:
    one = dataclasses.replace(DECISION, comment='","key":"k', key="1")
    other = dataclasses.replace(DECISION, comment="", key='k","comment":"1')
    assert decision_hash("", one, EVIDENCE) != decision_hash("", other, EVIDENCE)
    joined = dataclasses.replace(DECISION, labels=("a,b",))
    parted = dataclasses.replace(DECISION, labels=("a", "b"))
    assert decision_hash("", joined, EVIDENCE) != decision_hash("", parted, EVIDENCE)
