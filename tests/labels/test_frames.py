import numpy as np
import pytest

from whatworks.labels.frames import Decided, Frame, passages_in
from whatworks.labels.worklist import Passages
from whatworks.nlp.passages import PassageId

IDS = [PassageId(f"{n:016x}") for n in range(6)]


@pytest.fixture
def passages():
    """Two reports of three passages, the second one in French."""
    whole = Passages.nothing()
    whole = type(whole)(
        IDS,
        np.array([1, 1, 1, 2, 2, 2], np.int32),
        np.array([1, 2, 3, 1, 2, 3], np.int32),
        np.array([7, 7, 7, 8, 8, 8], np.int32),
        np.array(["en", "en", "en", "fr", "fr", "fr"]),
        np.array([0, 1, 3, 0, 0, 2], np.int8),
        np.zeros(6, np.float32),
    )
    whole.suggested["finding_type", "lesson"] = np.array([1, 0, 1, 0, 1, 0], np.bool_)
    whole.suggested["theme", "gender"] = np.array([0, 0, 1, 1, 1, 0], np.bool_)
    return whole


@pytest.mark.parametrize(
    ("frame", "places"),
    [
        (Frame(), [0, 1, 2, 3, 4, 5]),
        (Frame(report_id=8), [3, 4, 5]),
        (Frame(report_id=9), []),
        (Frame(language="en"), [0, 1, 2]),
        (Frame(label="lesson"), [0, 2, 4]),
        (Frame(label="lesson", theme="gender"), [2, 4]),
        (Frame(label="no_such"), []),
        (Frame(decided=Decided.NOT_YET), [0, 3, 4]),
        (Frame(decided=Decided.ONCE), [1, 2, 5]),
        (Frame(report_id=7, label="lesson", decided=Decided.ONCE), [2]),
    ],
)
def test_a_frame_has_the_passages_that_fit_all_of_it(passages, frame, places):
    assert passages_in(passages, frame) == [IDS[place] for place in places]
