"""A model's folder from somebody else: what is refused, and why it is said to be."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from whatworks.models.exchange import export_model
from whatworks.models.folder import load_model
from whatworks.models.stranger import check_encoder, check_folder
from whatworks.nlp.errors import WhatworksError


@pytest.fixture(scope="module")
def exported(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sent") / "office"
    export_model(load_model(tiny_model), tiny_model, target)
    return target


@pytest.fixture
def stranger(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "stranger"))


def change(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")


def test_what_export_writes_is_taken(stranger: Path) -> None:
    check_folder(stranger)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("modeling.py", "modeling.py: code"),
        ("encoder/modeling_evil.py", "encoder/modeling_evil.py: code"),
        ("encoder/pytorch_model.bin", "encoder/pytorch_model.bin: a file that may run code"),
        ("encoder/model.pt", "pickle"),
        ("heads.pkl", "heads.pkl: a file that may run code"),
        ("encoder/adapter_config.json", "adapter_config.json: a file that no model has"),
        ("encoder/3_Dense/config.json", "encoder/3_Dense: a folder that no model has"),
        ("encoder/model.safetensors.index.json", "a file that no model has"),
        ("..encoder", "..encoder: a file that no model has"),
        (".git/config", ".git: a folder that no model has"),
        ("CONFIG.JSON", "CONFIG.JSON: a file that no model has"),
    ],
)
def test_a_file_that_no_model_needs_is_refused_by_name(stranger: Path, name: str, why: str) -> None:
    (stranger / name).parent.mkdir(exist_ok=True)
    (stranger / name).write_bytes(b"{}")
    with pytest.raises(WhatworksError) as refused:
        check_folder(stranger)
    assert why in str(refused.value)
    assert "Ask for one as 'whatworks models export' writes it" in str(refused.value)


def test_everything_refused_is_named_at_once_but_not_without_end(stranger: Path) -> None:
    for number in range(30):
        (stranger / f"{number}.py").write_text("")
    with pytest.raises(WhatworksError) as refused:
        check_folder(stranger)
    assert str(refused.value).count(": code") == 10
    assert "and 20 more" in str(refused.value)


@pytest.mark.parametrize("name", ["README.md", "encoder/tokenizer.json", "encoder/1_Pooling"])
def test_a_link_is_refused_even_to_a_sound_file(stranger: Path, tmp_path: Path, name: str) -> None:
    (stranger / name).rename(tmp_path / "elsewhere")
    (stranger / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WhatworksError, match=f"{name}: a link"):
        check_folder(stranger)


def test_the_encoder_s_folder_as_a_link_is_refused(stranger: Path, tmp_path: Path) -> None:
    (stranger / "encoder").rename(tmp_path / "elsewhere")
    (stranger / "encoder").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WhatworksError, match="encoder: a link"):
        check_folder(stranger)


def test_a_pipe_is_refused_and_not_waited_for(stranger: Path) -> None:
    (stranger / "scorecard.json").unlink(missing_ok=True)
    os.mkfifo(stranger / "scorecard.json")
    with pytest.raises(WhatworksError, match="scorecard.json: no ordinary file"):
        check_folder(stranger)


@pytest.mark.parametrize(
    ("file", "values", "why"),
    [
        (
            "config.json",
            {"auto_map": {"AutoModel": "evil.Model"}},
            "'auto_map' would have code run",
        ),
        ("config.json", {"text_config": [{"auto_map": {}}]}, "'auto_map'"),
        ("config.json", {"_attn_implementation": "evil/kernel"}, "_attn_implementation' may fetch"),
        ("config.json", {"quantization_config": {}}, "'quantization_config' may fetch"),
        ("config.json", {"model_type": "timm_wrapper"}, "kind 'timm_wrapper'"),
        ("config.json", {"model_type": ["bert"]}, "no text encoder known here"),
        ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["a.T", None]}}, "'auto_map'"),
        ("sentence_bert_config.json", {"trust_remote_code": True}, "'trust_remote_code'"),
        ("sentence_bert_config.json", {"model_args": {}}, "'model_args' is no setting"),
        ("config_sentence_transformers.json", {"model_type": "CrossEncoder"}, "no SentenceTr"),
        ("config_sentence_transformers.json", {"prompts": {"query": 3}}, "prompts are no texts"),
    ],
)
def test_settings_that_name_code_are_refused(
    stranger: Path, file: str, values: dict[str, Any], why: str
) -> None:
    change(stranger / "encoder" / file, **values)
    with pytest.raises(WhatworksError) as refused:
        check_folder(stranger)
    assert why in str(refused.value)
    assert str(stranger / "encoder" / file) in str(refused.value)
    # And where it was put into a project by hand.
    with pytest.raises(WhatworksError, match="refused"):
        load_model(stranger)


@pytest.mark.parametrize(
    "part",
    [
        {"type": "os.system"},
        {"type": "evil.Transformer"},
        {"type": "sentence_transformers.base.modules.dense.Dense"},
        {"type": ["sentence_transformers.base.modules.transformer.Transformer"]},
        {"path": "../elsewhere"},
        {"path": "/etc"},
        {"kwargs": ["task"]},
    ],
)
def test_only_the_three_known_parts_make_an_encoder(stranger: Path, part: dict[str, Any]) -> None:
    path = stranger / "encoder" / "modules.json"
    modules = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps([modules[0] | part, *modules[1:]]), "utf-8")
    with pytest.raises(WhatworksError, match=r"modules\.json: this is refused"):
        check_encoder(stranger / "encoder")


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 100_000, '"\ud800"'])
def test_settings_that_are_none_are_an_error_not_a_crash(stranger: Path, text: str) -> None:
    for file in ("modules.json", "config.json"):
        copy = shutil.copytree(stranger, stranger.with_name(f"no-{file}"))
        (copy / "encoder" / file).write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(WhatworksError, match=f"{file}: this is refused"):
            check_folder(copy)


def test_settings_nested_without_end_are_refused(stranger: Path) -> None:
    path = stranger / "encoder" / "config.json"
    path.write_text('{"a":' * 200 + "1" + "}" * 200)
    with pytest.raises(WhatworksError, match="nested deeper"):
        check_folder(stranger)


def test_settings_of_many_megabytes_are_not_read(stranger: Path) -> None:
    with (stranger / "config.json").open("r+b") as file:
        file.truncate(6_000_000)
    with pytest.raises(WhatworksError, match="config.json: settings of many megabytes"):
        check_folder(stranger)


@pytest.mark.parametrize("encoder", ["../encoder", "/opt/encoder", "evil/encoder", "", None])
def test_an_encoder_elsewhere_is_refused(stranger: Path, encoder: object) -> None:
    change(stranger / "config.json", encoder=encoder)
    with pytest.raises(WhatworksError, match="names an encoder that is not in its folder"):
        check_folder(stranger)


def test_cut_weights_are_refused(stranger: Path) -> None:
    weights = stranger / "encoder" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    with pytest.raises(WhatworksError, match="weights cannot be read"):
        check_folder(stranger)


def test_a_pickle_under_the_name_of_weights_is_not_unpickled(stranger: Path) -> None:
    # It would end this process.
    (stranger / "encoder" / "model.safetensors").write_bytes(b"cos\n_exit\n(I3\ntR.")
    with pytest.raises(WhatworksError, match="weights cannot be read"):
        check_folder(stranger)
