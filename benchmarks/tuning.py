"""How long fine-tuning takes, beside a bare loop of transformers that does the same steps.

    python benchmarks/tuning.py                  # 320 passages, a few minutes
    python benchmarks/tuning.py --passages 2000

Both learn the same passages of the starter corpus in the same batches for the same epochs, the
upper four layers and the heads, with AdamW and bfloat16. The bare loop sends every batch through
all layers, the lower ones without gradients. They take turns; each pair gives a ratio.
"""

import argparse
import platform
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from whatworks.labels.codebook import Codebook, load_codebook
from whatworks.models.folder import load_model
from whatworks.nlp.bundled import bundled_encoder
from whatworks.nlp.encoders import BUNDLED, prompt_prefix
from whatworks.training.examples import Example, load_corpus
from whatworks.training.finetune import FineTuning, _batches, fine_tune
from whatworks.training.net import targets


def ours(examples: Sequence[Example], codebook: Codebook, config: FineTuning) -> float:
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        start = load_model()
        fine_tune(bundled_encoder(), examples, codebook, config, Path(folder), start=start)
    return time.perf_counter() - begun


def bare(examples: Sequence[Example], codebook: Codebook, config: FineTuning) -> float:
    """What anyone would write: tokenizer, AutoModel, mean of the states, two linear heads."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize
    from transformers import AutoModel, AutoTokenizer, get_linear_schedule_with_warmup

    begun = time.perf_counter()
    torch.manual_seed(config.seed)
    tokenizer = AutoTokenizer.from_pretrained(str(bundled_encoder()))
    model = AutoModel.from_pretrained(str(bundled_encoder()), dtype=torch.float32).train()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for layer in model.encoder.layer[-config.layers :]:
        layer.requires_grad_(True)
    size = model.config.hidden_size
    types = torch.nn.Linear(size, len(codebook.finding_types))
    themes = torch.nn.Linear(size, len(codebook.themes))
    tuned = [p for p in model.parameters() if p.requires_grad]
    heads = [*types.parameters(), *themes.parameters()]
    optimizer = torch.optim.AdamW([{"params": tuned, "lr": config.learning_rate},
                                   {"params": heads, "lr": config.head_learning_rate}])  # fmt: skip
    ids = tokenizer(
        [prompt_prefix(BUNDLED) + one.text for one in examples],
        truncation=True,
        max_length=config.max_tokens,
    )["input_ids"]
    wanted = [targets(one, codebook) for one in examples]
    batches = _batches([len(one) for one in ids], config)
    schedule = get_linear_schedule_with_warmup(optimizer, len(batches) // 10, len(batches))
    for batch in batches:
        inputs = tokenizer.pad({"input_ids": [ids[n] for n in batch]}, return_tensors="pt")
        with torch.autocast("cpu", torch.bfloat16):
            states = model(**inputs).last_hidden_state
            mask = inputs["attention_mask"][..., None]
            vectors = 16 * normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
            loss = binary_cross_entropy_with_logits(
                types(vectors), torch.tensor([wanted[n]["types"] for n in batch])
            ) + cross_entropy(themes(vectors), torch.tensor([wanted[n]["themes"] for n in batch]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*tuned, *heads], 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--passages", type=int, default=320)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    examples, codebook = load_corpus()[: arguments.passages], load_codebook()
    config = FineTuning(epochs=arguments.epochs)
    steps = len(_batches([1] * len(examples), config))
    print(f"{datetime.now(UTC).date()}, {platform.machine()}; {len(examples):,} passages, "
          f"{config.epochs} epochs, {steps:,} steps")  # fmt: skip
    ratios = []
    for pair in range(arguments.pairs):
        order = (ours, bare) if pair % 2 else (bare, ours)
        took = {way.__name__: way(examples, codebook, config) for way in order}
        ratios.append(took["ours"] / took["bare"])
        print(f"whatworks {took['ours']:.0f} s, bare loop {took['bare']:.0f} s, "
              f"ratio {ratios[-1]:.2f}", flush=True)  # fmt: skip
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
