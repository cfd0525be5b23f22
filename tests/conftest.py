"""What tests of the whole program need: a tiny encoder and model, a cache of their own, a way to
run the command line."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command import Ran, Run

# Before any test imports a library that would look for the network.
os.environ["HF_HUB_OFFLINE"] = "1"

_LONGEST = "test_killed.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the file that takes minutes, so that nobody waits for it alone at the end."""
    items.sort(key=lambda one: one.path.name != _LONGEST)


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of this test alone, not made yet."""
    folder = tmp_path_factory.mktemp("kept") / "cache"
    monkeypatch.setenv("WHATWORKS_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder of a two-layer BERT over single letters, vectors of 32."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    signs = [*special, *map(chr, range(33, 127)), *map(chr, range(0xC0, 0x100))]
    vocabulary = {sign: number for number, sign in enumerate(signs)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex("."), "isolated")]
    )
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(20)
    model: Any = BertModel(
        BertConfig(
            vocab_size=len(signs),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=128,
        )
    )
    folder = tmp_path_factory.mktemp("encoders") / "tiny"
    bare = tmp_path_factory.mktemp("encoders") / "bare"
    model.save_pretrained(bare)
    fast: Any = PreTrainedTokenizerFast
    fast(
        tokenizer_object=tokenizer,
        model_max_length=128,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    ).save_pretrained(bare)
    parts: list[Any] = [Transformer(str(bare), max_seq_length=128), Pooling(32, "mean")]
    whole = SentenceTransformer(modules=[*parts, Normalize()], device="cpu")
    whole.save(str(folder), create_model_card=False)
    _open_to_all(folder)
    return folder


@pytest.fixture
def tiny_layers(tiny_encoder: Path, tmp_path: Path) -> Path:
    """A file of tuned layers: the upper one of the tiny encoder, made larger."""
    from safetensors.torch import load_file, save_file

    weights = load_file(tiny_encoder / "model.safetensors")
    tuned = {n: 2 * value for n, value in weights.items() if n.startswith("encoder.layer.1.")}
    save_file(tuned, tmp_path / "layers.safetensors")
    return tmp_path / "layers.safetensors"


@pytest.fixture(scope="session")
def tiny_model(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with random heads for the tiny encoder and the default codebook."""
    import numpy as np

    from whatworks.labels.codebook import load_codebook
    from whatworks.models.folder import Calibration, Model, save_model
    from whatworks.models.heads import Heads

    codebook = load_codebook()
    types, themes = codebook.finding_type_ids, codebook.theme_ids
    random = np.random.default_rng(20)
    heads = Heads(
        finding_types=types,
        type_weights=random.normal(0, 4, (len(types), 32)).astype(np.float32),
        type_biases=np.zeros(len(types), dtype=np.float32),
        themes=themes,
        theme_weights=random.normal(0, 1, (len(themes), 32)).astype(np.float32),
        theme_biases=np.zeros(len(themes), dtype=np.float32),
        similarity_scale=10.0,
    )
    calibration = Calibration(
        slopes=dict.fromkeys(types, 1.0),
        intercepts=dict.fromkeys(types, 0.0),
        thresholds=dict.fromkeys(types, 0.5),
    )
    folder = tmp_path_factory.mktemp("models") / "tiny"
    save_model(Model("tiny", "1.0", str(tiny_encoder), heads, calibration), folder)
    _open_to_all(folder)
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs ``whatworks`` in this process (torch is imported once), as its entry point does."""
    from whatworks.__main__ import main

    kept = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: object, stdin: bytes | None = None) -> Ran:
        monkeypatch.setattr(sys, "argv", ["whatworks", *map(str, arguments)])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, printed.out, printed.err)

    yield call
    for name, handler in kept.items():
        signal.signal(name, handler)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts ``whatworks`` as a process of its own; what is left of it is ended."""
    monkeypatch.setenv("COLUMNS", "100")
    processes: list[subprocess.Popen[str]] = []

    def begin(*arguments: object, before: tuple[str, ...] = (), **more: Any) -> Any:
        command = [*before, sys.executable, "-m", "whatworks", *map(str, arguments)]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE} | more
        process: subprocess.Popen[str] = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, errors="replace", **streams
        )
        processes.append(process)
        return process

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def run_apart(start: Callable[..., subprocess.Popen[str]]) -> Run:
    """Runs ``whatworks`` in a process of its own to its end."""

    def call(*arguments: object, **more: Any) -> Ran:
        process = start(*arguments, **more)
        out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out or "", err)

    return call


def _open_to_all(folder: Path) -> None:
    """Some tests read it as another user: pytest's folders are closed to others."""
    for part in (folder, *folder.rglob("*")):
        part.chmod(0o755 if part.is_dir() else 0o644)
