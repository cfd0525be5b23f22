import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from whatworks.models.folder import load_model, save_model
from whatworks.nlp.errors import WhatworksError


def test_a_saved_model_loads_as_it_was(tiny_model: Path, tmp_path: Path) -> None:
    model = load_model(tiny_model)
    save_model(model, tmp_path / "copy")
    again = load_model(tmp_path / "copy")
    assert replace(again, heads=model.heads) == model
    np.testing.assert_array_equal(again.heads.type_weights, model.heads.type_weights)
    np.testing.assert_array_equal(again.heads.theme_biases, model.heads.theme_biases)
    assert again.heads.themes == model.heads.themes


def test_tuned_layers_are_found_beside_the_heads(tiny_model: Path, tmp_path: Path) -> None:
    save_model(load_model(tiny_model), tmp_path)
    assert load_model(tmp_path).layers is None
    (tmp_path / "layers.safetensors").write_bytes(b"")
    assert load_model(tmp_path).layers == tmp_path / "layers.safetensors"


def test_a_folder_that_is_no_model_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match=r"no model folder: config.json is missing"):
        load_model(tmp_path)


def test_a_model_of_a_later_format_says_so(tiny_model: Path, tmp_path: Path) -> None:
    save_model(load_model(tiny_model), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "format": 99}))
    with pytest.raises(WhatworksError, match="saved by a later whatworks.*pip install -U"):
        load_model(tmp_path)


@pytest.mark.parametrize("damage", ["cut", "names", "json", "key"])
def test_a_damaged_model_is_an_error_not_a_crash(
    tiny_model: Path, tmp_path: Path, damage: str
) -> None:
    save_model(load_model(tiny_model), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    if damage == "cut":
        heads = tmp_path / "heads.safetensors"
        heads.write_bytes(heads.read_bytes()[:-50])
    elif damage == "names":
        (tmp_path / "config.json").write_text(json.dumps({**config, "themes": ["one"]}))
    elif damage == "json":
        (tmp_path / "config.json").write_text("{")
    else:
        del config["calibration"]
        (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(WhatworksError, match="cannot be loaded"):
        load_model(tmp_path)


@pytest.mark.parametrize("floor", ["0.2", float("nan"), -0.1, 1.5, None])
def test_a_floor_that_is_no_share_is_refused(
    tiny_model: Path, tmp_path: Path, floor: object
) -> None:
    save_model(load_model(tiny_model), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    config["calibration"]["set_floor"] = floor
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(WhatworksError, match="cannot be loaded"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        {"heading": 3},
        {"heading": {"weight": "much", "neutral": 0.0}},
        {"heading": {"weight": 1.0, "bias": 0.0}},
        {"heading": {"weight": float("nan"), "neutral": 0.0}},
        {"heading": {"weight": 1.0, "neutral": float("inf")}},
        {"phrases": ["Challenges"]},
        {"phrases": {"obstacle": [1, 2]}},
        {"phrases": {"obstacle": None}},
    ],
    ids=str,
)
def test_a_damaged_context_is_an_error_when_it_is_loaded_not_when_it_is_used(
    tiny_model: Path, tmp_path: Path, damage: dict[str, object]
) -> None:
    save_model(load_model(tiny_model), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text("utf-8"))
    config["context"] |= damage
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(WhatworksError, match="cannot be loaded"):
        load_model(tmp_path)


@pytest.mark.parametrize("named", ["encoder", "./encoder", "../mine/encoder", "encoder/."])
def test_an_encoder_beside_the_heads_is_found_from_anywhere_and_looked_through(
    tiny_model: Path, tiny_encoder: Path, tmp_path: Path, named: str
) -> None:
    folder = tmp_path / "mine"
    save_model(load_model(tiny_model), folder)
    shutil.copytree(tiny_encoder, folder / "encoder")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"encoder": named}))
    assert load_model(folder).encoder == str(folder / "encoder")
    (folder / "encoder" / "evil.py").write_text("")
    with pytest.raises(WhatworksError, match=r"evil\.py: this encoder is refused: code"):
        load_model(folder)


def test_an_encoder_elsewhere_stays_where_it_is(tiny_model: Path, tmp_path: Path) -> None:
    model = load_model(tiny_model)
    for encoder in (str(tmp_path.parent / "none"), "bundled", "intfloat/multilingual-e5-base"):
        save_model(replace(model, encoder=encoder), tmp_path / "copy")
        assert load_model(tmp_path / "copy").encoder == encoder
