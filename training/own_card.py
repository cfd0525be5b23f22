"""The card of a project's own model, in Hugging Face's format."""

from ..models.card import front_matter
from ..models.folder import Model
from ..models.registry import ENCODER
from .comparing import Comparison


def own_card(model: Model, comparison: Comparison | None) -> str:
    """The text of README.md in the model's folder."""
    made = model.made_from
    tuned = "fine_tuning" in made
    what = "Encoder and heads fine-tuned" if tuned else "Heads refitted"
    encoder = "its upper layers are tuned" if tuned else "unchanged"
    unseen = (
        "On a fifth of the reports, by a trial that had not learned from them; they also said when "
        "to stop:"
        if tuned
        else "On the same passages, each report by heads that had not learned from it:"
    )
    lines = [
        front_matter(str(made.get(ENCODER, model.encoder))),
        f"# {model.name} {model.version}",
        "",
        f"{what} on {made['passages']:,} confirmed passages of {made['reports']:,} "
        f"reports, beginning with the model '{made['refitted_from']}', under codebook version "
        f"{made['codebook']}. The encoder: {encoder}.",
        "",
    ]
    if model.heads.type_corrections is not None:
        lines += [
            "What was learned of finding types stands on plain vectors: those of the encoder as it "
            "was before anyone tuned it, from the same pass over a passage.",
            "",
        ]
    if comparison is None:
        lines += ["Not measured: all confirmed passages are of one report."]
    else:
        before, after = comparison.before, comparison.after
        low, high = comparison.interval
        lines += [
            unseen,
            "",
            "| | before | after |",
            "|---|---|---|",
            f"| micro F1 | {before.micro_f1:.3f} | {after.micro_f1:.3f} |",
            f"| macro F1 | {before.macro_f1:.3f} | {after.macro_f1:.3f} |",
            f"| first finding type right | {before.dominant_accuracy:.3f} "
            f"| {after.dominant_accuracy:.3f} |",
            f"| calibration error | {before.calibration_error:.3f} "
            f"| {after.calibration_error:.3f} |",
            "",
            f"Difference in micro F1: {comparison.difference:+.3f} (95% interval {low:+.3f} to "
            f"{high:+.3f}, reports resampled).",
            "",
            "The confirmed passages are no random sample, and most were decided in sight of the "
            "suggestions of the model before. These figures say whether training helps, not how "
            "good the model is on reports to come.",
        ]
    lines += [
        "",
        "Its licence is for the office that trained it to say: put it at `license` above. The "
        "starter model of whatworks is Apache-2.0, its encoder MIT.",
    ]
    return "\n".join(lines) + "\n"
