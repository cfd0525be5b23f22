import tracemalloc
from pathlib import Path

import pytest

from whatworks.labels.exchange import xlsx
from whatworks.labels.exchange.interface import ENDINGS, open_writer
from whatworks.nlp.errors import WhatworksError


@pytest.mark.parametrize("name", ["results.docx", "results", "results.xls"])
def test_an_unknown_ending_is_refused_naming_the_four(name, info, codebook):
    with pytest.raises(WhatworksError) as refusal:
        open_writer(Path(name), info, codebook)
    assert name in str(refusal.value)
    for ending in ENDINGS:
        assert ending in str(refusal.value)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_in_capitals_is_the_same_format(ending, write_result, make_report, make_item):
    lower = write_result(f"a{ending}", make_report(make_item()))
    upper = write_result(f"b{ending.upper()}", make_report(make_item()))
    assert upper.read_bytes()[:4] == lower.read_bytes()[:4]


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_report_at_all_still_gives_a_whole_file(ending, write_result):
    assert write_result(f"results{ending}").is_file()


@pytest.mark.parametrize("ending", ENDINGS)
def test_names_with_spaces_accents_quotes_and_broken_bytes_are_written(
    ending, write_result, make_report, make_item
):
    name = 'Évaluation "finale" d\'été \udce9.pdf'
    path = write_result(f'l\'été "2026"{ending}', make_report(make_item(report=name), name=name))
    assert path.stat().st_size > 0


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
def test_memory_does_not_grow_with_the_number_of_passages(
    ending, tmp_path, info, codebook, make_report, make_item, monkeypatch
):
    monkeypatch.setattr(xlsx, "FITTED_ROWS", 100)

    def peak(stretches: int) -> int:
        tracemalloc.start()
        with open_writer(tmp_path / f"r{ending}", info, codebook) as writer:
            for stretch in range(stretches):
                items = (make_item(order=stretch * 200 + n + 1) for n in range(200))
                writer.write(make_report(*items))
            writer.finish([])
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(1)
    assert peak(15) < 1.5 * peak(3)
