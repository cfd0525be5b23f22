"""Rounds, as the owner's page makes them: what a form asks for, and what is stored of it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection
from starlette.datastructures import FormData

from ...labels.frames import Decided, Frame, passages_in
from ...labels.lots import MAX_SEED, Readers, drawn
from ...labels.store.assignments import RoundDraft
from ...labels.store.audit_sample import AuditWanted
from ...labels.store.kept_apart import kept_apart
from ...labels.store.passages import find_passage_id
from ...labels.store.rounds import BY_LOT
from ...labels.store.unread import unread
from ...labels.store.worklists import Standing
from ...labels.texts import Texts
from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ...training.next_round import Wanted
from .forms import number_of, text_in, texts_in


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody filled in, as it stands in the fields."""

    name: str = ""
    frame: Frame = field(default_factory=Frame)
    count: str = ""
    """How many are drawn by lot; '' takes all."""
    named: str = ""
    """Ids of passages, where they are named one by one."""
    blind: bool = False
    strategy: str = ""
    """By which they are chosen; '' takes them as they stand, or by lot."""
    skip_repeats: bool = False
    seed: str = ""

    @classmethod
    def read(cls, form: FormData) -> "Asked":
        """Of a form."""
        return cls(
            name=text_in(form, "name"),
            frame=frame_of({name: text_in(form, name) for name in form}),
            count=text_in(form, "count").strip(),
            named=text_in(form, "named"),
            blind=bool(text_in(form, "blind")),
            strategy=text_in(form, "strategy")[:50],
            skip_repeats=bool(text_in(form, "skip_repeats")),
            seed=text_in(form, "seed").strip(),
        )


def frame_of(params: Mapping[str, str]) -> Frame:
    """The frame that an address or a form names."""
    decided = params.get("decided", "")
    return Frame(
        report_id=number_of(params.get("report", "")),
        label=params.get("label", "")[:200],
        theme=params.get("theme", "")[:200],
        language=params.get("language", "")[:8],
        decided=Decided(decided) if decided in set(Decided) else Decided.ANY,
    )


def wanted_of(asked: Asked, _: Texts) -> Wanted:
    """The round that a strategy is to choose; raises WhatworksError where it cannot be."""
    if asked.frame.label or asked.frame.theme or asked.frame.decided is Decided.ONCE or asked.named:
        raise WhatworksError(
            _("A strategy chooses from all that nobody has decided, of a report or a language.")
        )
    return Wanted(
        name=asked.name,
        size=_count(asked.count, _),
        strategy=asked.strategy,
        seed=_seed(asked.seed, _),
        blind=asked.blind,
        report_id=asked.frame.report_id,
        language=asked.frame.language,
        skip_repeats=asked.skip_repeats,
    )


def audit_of(form: FormData, _: Texts, *, first: bool) -> AuditWanted:
    """The audit sample that is to be drawn, or how much more of it."""
    count = text_in(form, "count").strip()
    return AuditWanted(
        add=0 if count == "0" and not first else _count(count, _),
        seed=_seed("", _),
        blind=bool(text_in(form, "blind")),
        first=first,
    )


def draft_of(connection: Connection, standing: Standing, asked: Asked, _: Texts) -> RoundDraft:
    """The round that is asked for; raises WhatworksError where it cannot be."""
    draft = RoundDraft(asked.name, (), "", seed=_seed(asked.seed, _), blind=asked.blind)
    if asked.named.strip():
        given = asked.named.replace(",", " ").split()
        ids = tuple(find_passage_id(connection, one) for one in given)
        reason = f"one of {len(set(ids)):,} that were named"
        return replace(draft, passages=ids, strategy="named passages", reason=reason)
    what = _described(standing, asked.frame)
    if not asked.count:
        there = frame_passages(connection, standing, asked.frame)
        return replace(
            draft,
            passages=tuple(there),
            strategy="all of a selection",
            reason=f"one of all {len(there):,} passages: {what}",
        )
    # By lot from all that is unread: only on such a draw can a guarantee rest.
    is_draw = asked.frame == Frame(decided=Decided.NOT_YET)
    if is_draw:
        there = list(unread(connection).ids)
    else:
        there = frame_passages(connection, standing, asked.frame)
    count = _count(asked.count, _)
    if count > len(there):
        raise WhatworksError(
            _(
                "%(count)s passages cannot be drawn: there are %(total)s.",
                count=f"{count:,}",
                total=f"{len(there):,}",
            )
        )
    return replace(
        draft,
        passages=tuple(drawn(there, count, draft.seed)),
        strategy=BY_LOT if is_draw else "by lot",
        reason=f"one of {count:,} drawn by lot from {len(there):,} passages: {what}",
        probability=count / len(there),
        unread=is_draw,
    )


def frame_passages(connection: Connection, standing: Standing, frame: Frame) -> list[PassageId]:
    """The passages of a frame, without the audit sample: no round for learning may hold it."""
    apart = kept_apart(connection)
    return [one for one in passages_in(standing.passages, frame) if one not in apart]


def people_in(form: FormData) -> list[str]:
    """The people that are ticked, and those that are typed."""
    typed = text_in(form, "others").replace(";", ",").split(",")
    return [*texts_in(form, "people"), *(one.strip() for one in typed if one.strip())]


def readers_in(form: FormData, _: Texts) -> Readers:
    """How many read each passage; raises WhatworksError where that is no number."""
    each = _number(text_in(form, "each") or "1", _)
    share = _number(text_in(form, "share") or "0", _)
    several = _number(text_in(form, "several") or "2", _)
    return Readers(each, several, share / 100)


def _count(given: str, _: Texts) -> int:
    found = number_of(given)
    if not found:
        raise WhatworksError(_("'%(given)s' is no number of passages.", given=given[:20]))
    return found


def _number(given: str, _: Texts) -> int:
    found = number_of(given.strip().removesuffix("%").strip())
    if found is None:
        raise WhatworksError(_("'%(given)s' is no number.", given=given[:20]))
    return found


def _seed(given: str, _: Texts) -> int:
    if not given:
        return secrets.randbelow(MAX_SEED) + 1
    return _number(given, _)


def _described(standing: Standing, frame: Frame) -> str:
    """The frame in words that stay with the round; in English, like all that is stored."""
    titles = {one.report_id: one.title for one in standing.sources.values()}
    parts = [
        f"of the report {titles.get(frame.report_id or 0, frame.report_id)}"
        if frame.report_id is not None
        else "of all reports",
        f"suggested {frame.label}" if frame.label else "",
        f"suggested {frame.theme}" if frame.theme else "",
        f"in the language {frame.language}" if frame.language else "",
        {Decided.NOT_YET: "not decided yet", Decided.ONCE: "decided before"}.get(frame.decided, ""),
    ]
    return ", ".join(part for part in parts if part)
