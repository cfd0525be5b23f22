"""The methods that whatworks is compared with, each in the way its own documents show.

All weigh rare labels as much as common ones where the method has an option for it, since macro F1
does: a peer would lose by its default alone. What has word vectors starts from the same bundled
encoder, multilingual-e5-small, with the 'query: ' that it wants before a text.
"""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from ours import vectors_of
from tasks import Given

from whatworks.nlp.bundled import bundled_encoder
from whatworks.nlp.encoders import BUNDLED, has_bfloat16, prompt_prefix, quiet_transformers

Method = Callable[[Given], list[str]]
"""Gives the label of each held-out text."""

SEED = 20
BATCH = 16


def learning(setfit_steps: int) -> dict[str, Method]:
    """What learns from labelled texts, by name."""
    return {
        "tfidf-svm": tfidf_svm,
        "tfidf-lr": tfidf_lr,
        "e5-lr": e5_lr,
        "setfit": partial(setfit, setfit_steps),
        "transformers": fine_tuned,
    }


def by_definition(setfit_steps: int) -> dict[str, Method]:
    """What labels texts by the labels' definitions alone, by name."""
    return {
        "tfidf": tfidf_similarity,
        "e5": e5_similarity,
        "setfit": partial(setfit_from_definitions, setfit_steps),
    }


def tfidf_svm(given: Given) -> list[str]:
    """Words and letters, a linear support vector machine."""
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=1, class_weight="balanced", random_state=SEED)
    return _by_words(machine, given)


def tfidf_lr(given: Given) -> list[str]:
    """Words and letters, logistic regression."""
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=20, max_iter=2000, class_weight="balanced")
    return _by_words(regression, given)


def _by_words(classifier: Any, given: Given) -> list[str]:
    features = _word_features()
    classifier.fit(features.fit_transform(given.seen), given.labels)
    return [str(label) for label in classifier.predict(features.transform(given.held_out))]


def _word_features() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    return make_union(
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)),
        TfidfVectorizer(sublinear_tf=True, ngram_range=(3, 5), analyzer="char_wb"),
    )


def e5_lr(given: Given) -> list[str]:
    """The bundled encoder as it is, logistic regression."""
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=10, max_iter=3000, class_weight="balanced")
    regression.fit(vectors_of(given.seen, tuned=False), given.labels)
    found = regression.predict(vectors_of(given.held_out, tuned=False))
    return [str(label) for label in found]


def setfit(steps: int, given: Given) -> list[str]:
    """SetFit (Tunstall et al. 2022): contrastive pairs, then logistic regression."""
    names = list(given.definitions)
    numbers = [names.index(label) for label in given.labels]
    return [names[n] for n in _setfit(steps, given.seen, numbers, given.held_out)]


def setfit_from_definitions(steps: int, given: Given) -> list[str]:
    """SetFit without labelled texts: eight made-up examples a label, as its guide shows."""
    from setfit import get_templated_dataset

    candidates = list(given.definitions.values())
    made_up = get_templated_dataset(candidate_labels=candidates, sample_size=8)
    found = _setfit(steps, made_up["text"], made_up["label"], given.held_out)
    return [list(given.definitions)[n] for n in found]


def _setfit(
    steps: int, seen: Sequence[str], numbers: Sequence[int], held_out: Sequence[str]
) -> list[int]:
    import torch
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments

    quiet_transformers()
    prefix = prompt_prefix(BUNDLED)
    model = SetFitModel.from_pretrained(
        str(bundled_encoder()),
        # Its own default, C=1 and all passages alike, seldom finds a rare label.
        head_params={"C": 20, "class_weight": "balanced", "max_iter": 2000},
    )
    # Saved in half precision, which a CPU trains at a snail's pace.
    model.model_body.float()
    # Four fifths of the weights are word vectors, which this little data cannot better.
    model.model_body[0].auto_model.embeddings.requires_grad_(False)
    data = Dataset.from_dict({"text": [prefix + text for text in seen], "label": list(numbers)})
    device = model.model_body.device.type
    with (
        tempfile.TemporaryDirectory() as folder,
        # As the starter is trained: in bfloat16 where the processor has it.
        torch.autocast(device, torch.bfloat16, enabled=device == "cuda" or has_bfloat16()),
    ):
        arguments = TrainingArguments(
            output_dir=folder,
            batch_size=BATCH,
            max_steps=steps,
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            show_progress_bar=False,
            seed=SEED,
        )
        Trainer(model=model, args=arguments, train_dataset=data).train()
        found = model.predict([prefix + text for text in held_out], show_progress_bar=False)
    return [int(n) for n in found]


def fine_tuned(given: Given) -> list[str]:
    """The whole encoder fine-tuned by transformers' Trainer as it comes, three epochs."""
    import torch
    import transformers
    from datasets import Dataset

    library: Any = transformers
    quiet_transformers()
    library.set_seed(SEED)
    names, encoder = list(given.definitions), str(bundled_encoder())
    tokenizer = library.AutoTokenizer.from_pretrained(encoder)
    model = library.AutoModelForSequenceClassification.from_pretrained(
        encoder, num_labels=len(names), dtype="float32"
    )
    # The pooler was not packed: zeros, from which hardly anything is learned. It begins like the
    # classifier above it.
    model.bert.pooler.dense.weight.data.normal_(0, model.config.initializer_range)

    def tokens(texts: Sequence[str], numbers: Sequence[int]) -> Any:
        prefix = prompt_prefix(BUNDLED)
        read = tokenizer([prefix + text for text in texts], truncation=True, max_length=512)
        return Dataset.from_dict({**read, "label": list(numbers)})

    with tempfile.TemporaryDirectory() as folder:
        arguments = library.TrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=BATCH,
            per_device_eval_batch_size=BATCH,
            num_train_epochs=3,
            learning_rate=5e-5,
            use_cpu=not torch.cuda.is_available(),
            bf16=torch.cuda.is_available() or has_bfloat16(),
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            disable_tqdm=True,
            seed=SEED,
        )
        trainer = library.Trainer(
            model=model,
            args=arguments,
            train_dataset=tokens(given.seen, [names.index(label) for label in given.labels]),
            processing_class=tokenizer,
        )
        trainer.train()
        logits = trainer.predict(tokens(given.held_out, [0] * len(given.held_out))).predictions
    return [names[int(n)] for n in np.argmax(logits, axis=1)]


def tfidf_similarity(given: Given) -> list[str]:
    """The definition with the most words and letters in common, rare ones counting more."""
    from sklearn.preprocessing import normalize

    features = _word_features().fit([*given.definitions.values(), *given.held_out])
    texts = normalize(features.transform(given.held_out))
    near = texts @ normalize(features.transform(given.definitions.values())).T
    return [list(given.definitions)[int(n)] for n in near.toarray().argmax(axis=1)]


def e5_similarity(given: Given) -> list[str]:
    """The definition with the nearest vector of the bundled encoder as it is."""
    texts = vectors_of(given.held_out, tuned=False)
    near = texts @ vectors_of(tuple(given.definitions.values()), tuned=False).T
    return [list(given.definitions)[int(n)] for n in near.argmax(axis=1)]
