"""The starter model beside other methods, on the same folds of the starter corpus.

    python benchmarks/quality.py                     # all methods; hours on two cores
    python benchmarks/quality.py --methods tfidf frozen
    pip install 'whatworks[benchmarks]'              # for the method 'setfit'

Grouped five-fold cross-validation: no report is in both training and test. Each fold's
predictions are kept in --work, so that a run that was stopped goes on, and a second run
only prints. The starter's own folds are those of `make starter` (--work runs).

Methods
    tfidf    word and character n-grams, logistic regressions (scikit-learn)
    frozen   the bundled encoder as it is, logistic regressions; themes also by definition
    setfit   SetFit (Tunstall et al. 2022) on the same encoder, all twelve layers, contrastive
             pairs, --setfit-steps steps of 16 pairs a fold; finding types only
    starter  the fine-tuned encoder of the shipped model, calibrated on the other folds
"""

import argparse
import os
import platform
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from whatworks.labels.codebook import Codebook, load_codebook
from whatworks.nlp.bundled import bundled_encoder
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import SentenceEncoder, has_bfloat16
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.vectors import VectorCache
from whatworks.training.evaluation import Predictions, Scorecard, given, score_groups
from whatworks.training.examples import Example, load_corpus, report_folds
from whatworks.training.finetune import FineTuning
from whatworks.training.frozen import fit_heads
from whatworks.training.starter import N_FOLDS, cross_validate, out_of_fold_predictions

Fold = tuple[np.ndarray, np.ndarray]
"""Probabilities (n, types) and theme scores (n, themes) of the held-out examples."""


def tfidf(seen: Sequence[Example], held_out: Sequence[Example], codebook: Codebook) -> Fold:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_union

    features = make_union(
        TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2)),
        TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(3, 5), analyzer="char_wb"),
    )
    train = features.fit_transform([example.text for example in seen])
    test = features.transform([example.text for example in held_out])

    def regression() -> LogisticRegression:
        return LogisticRegression(C=20, max_iter=2000, class_weight="balanced")

    wanted = given(seen, codebook)
    types = np.stack(
        [regression().fit(train, column).predict_proba(test)[:, 1] for column in wanted.T], axis=1
    )
    rows = [n for n, example in enumerate(seen) if example.labels and example.themes]
    fitted = regression().fit(train[rows], [seen[n].themes[0] for n in rows])
    themes = np.full((len(held_out), len(codebook.themes)), -1e3)
    for column, theme in enumerate(fitted.classes_):
        themes[:, codebook.theme_ids.index(theme)] = fitted.predict_log_proba(test)[:, column]
    return types, themes


def frozen(seen: Sequence[Example], held_out: Sequence[Example], codebook: Codebook) -> Fold:
    encoder = CachedEncoder(SentenceEncoder(), VectorCache(cache_folder() / "vectors.sqlite"))
    heads = fit_heads(encoder.encode([example.text for example in seen]), seen, codebook)
    vectors = encoder.encode([example.text for example in held_out])
    definitions = encoder.encode([theme.description for theme in codebook.themes])
    types = 1 / (1 + np.exp(-heads.type_logits(vectors)))
    return types, heads.theme_logits(heads.own_evidence(vectors, definitions), codebook.theme_ids)


def setfit(steps: int) -> Callable[[Sequence[Example], Sequence[Example], Codebook], Fold]:
    def run(seen: Sequence[Example], held_out: Sequence[Example], codebook: Codebook) -> Fold:
        import torch
        from datasets import Dataset
        from setfit import SetFitModel, Trainer, TrainingArguments

        model = SetFitModel.from_pretrained(
            str(bundled_encoder()),
            multi_target_strategy="one-vs-rest",
            # As the other methods weigh rare labels; its own default finds far fewer.
            head_params={"C": 20, "class_weight": "balanced", "max_iter": 2000},
        )
        # Saved in half precision, which a CPU trains at a snail's pace.
        model.model_body.float()
        # Four fifths of the weights are word vectors, which this little data cannot better.
        model.model_body[0].auto_model.embeddings.requires_grad_(False)
        data = Dataset.from_dict(
            {
                "text": ["query: " + example.text for example in seen],
                "label": given(seen, codebook).astype(int).tolist(),
            }
        )
        arguments = TrainingArguments(
            output_dir="runs/setfit",
            batch_size=16,
            max_steps=steps,
            sampling_strategy="undersampling",
            save_strategy="no",
            report_to="none",
            seed=20,
        )
        # As the starter is trained: in bfloat16 where the processor has it.
        with torch.autocast("cpu", torch.bfloat16, enabled=has_bfloat16()):
            Trainer(model=model, args=arguments, train_dataset=data).train()
            found = model.predict_proba(["query: " + example.text for example in held_out])
        types = np.asarray(found, dtype=np.float64)
        return types, np.zeros((len(held_out), len(codebook.themes)))

    return run


def peer(
    name: str,
    method: Callable[[Sequence[Example], Sequence[Example], Codebook], Fold],
    examples: Sequence[Example],
    codebook: Codebook,
    folds: Sequence[int],
    work: Path,
) -> Predictions:
    types = np.zeros((len(examples), len(codebook.finding_types)))
    themes = np.zeros((len(examples), len(codebook.themes)))
    for fold in range(N_FOLDS):
        rows = [n for n, own in enumerate(folds) if own == fold]
        kept = work / f"{name}-{len(examples)}-fold-{fold}.npz"
        if not kept.is_file():
            start = time.monotonic()
            seen = [example for example, own in zip(examples, folds, strict=True) if own != fold]
            found = method(seen, [examples[n] for n in rows], codebook)
            work.mkdir(parents=True, exist_ok=True)
            np.savez(kept, types=found[0], themes=found[1])
            print(f"{name}, fold {fold + 1}: {time.monotonic() - start:.0f} s", flush=True)
        with np.load(kept) as stored:
            types[rows], themes[rows] = stored["types"], stored["themes"]
    return Predictions(
        probabilities=types, suggested=types >= 0.5, themes=themes, calibrated=name != "tfidf"
    )


def print_table(cards: dict[str, dict[str, Scorecard]]) -> None:
    print(f"\n{'method':9} {'passages':23} {'n':>5} {'micro F1':>9} {'macro F1':>9} "
          f"{'first label':>12} {'theme@1':>8} {'theme@3':>8}")  # fmt: skip
    groups = list(dict.fromkeys(group for found in cards.values() for group in found))
    for group in groups:
        for name, found in cards.items():
            card = found[group]
            at_1, at_3 = f"{card.theme_at_1:8.3f}", f"{card.theme_at_3:8.3f}"
            if name == "setfit":
                at_1 = at_3 = f"{'-':>8}"
            print(f"{name:9} {group:23} {card.passages:5} {card.micro_f1:9.3f} "
                  f"{card.macro_f1:9.3f} {card.dominant_accuracy:12.3f} {at_1} {at_3}")  # fmt: skip
        print()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = ["tfidf", "frozen", "setfit", "starter"]
    parser.add_argument("--methods", nargs="+", choices=names, default=names)
    parser.add_argument("--setfit-steps", type=int, default=120)
    parser.add_argument("--work", type=Path, default=Path("runs"))
    arguments = parser.parse_args()
    codebook, examples, config = load_codebook(), load_corpus(), FineTuning()
    folds = report_folds(examples, n_folds=N_FOLDS, seed=config.seed)
    methods = {"tfidf": tfidf, "frozen": frozen, "setfit": setfit(arguments.setfit_steps)}
    print(f"{len(examples)} passages, {len({e.report for e in examples})} reports, "
          f"{datetime.now(UTC).date()}, {platform.machine()}, {os.cpu_count()} cores")  # fmt: skip
    cards = {}
    for name in arguments.methods:
        if name == "starter":
            logits = cross_validate(examples, codebook, config, arguments.work / "starter", print)
            found, _ = out_of_fold_predictions(examples, codebook, logits)
        else:
            found = peer(name, methods[name], examples, codebook, folds, arguments.work / "quality")
        cards[name] = score_groups(examples, found, codebook)
    print_table(cards)


if __name__ == "__main__":
    main()
