"""The tables. ``migrations/`` makes them; a test holds the two together.

Times are UTC, as text ('2026-11-23T15:04:05.123456Z'): they sort, hash and read the same on both
engines. Lists and mappings are canonical JSON in text, for the same reason.
"""

import json
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def canonical_json(value: object) -> str:
    """JSON that is the same for equal values: sorted keys, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Json(TypeDecorator[Any]):
    """Canonical JSON in a text column."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """To the database."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """From the database."""
        return None if value is None else json.loads(value)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _to(table: str, name: str | None = None, *, null: bool = False) -> Column[Any]:
    kind: Any = String(16) if table == "passage" else Integer
    return Column(name or f"{table}_id", kind, ForeignKey(f"{table}.id"), nullable=null)


def _text(name: str, *, null: bool = False, unique: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null, unique=unique)


project = Table(
    "project",
    metadata,
    # One row. The head of the decision log stands here so that cutting its end off shows.
    Column("id", Integer, CheckConstraint("id = 1", name="one"), primary_key=True),
    _text("key"),
    _text("created_at"),
    Column("decisions", Integer, nullable=False),
    _text("head"),
)
annotator = Table(
    "annotator",
    metadata,
    _id(),
    _text("name", unique=True),
    _text("created_at"),
)
report = Table(
    "report",
    metadata,
    _id(),
    # The name that passage ids are made from: it stays when the file moves.
    _text("name", unique=True),
    Column("metadata", Json, nullable=False),
    _text("added_at"),
)
report_version = Table(
    "report_version",
    metadata,
    _id(),
    _to("report"),
    Column("number", Integer, nullable=False),
    # Not unique: a table of passages gives several reports, and a file may go back to what it was.
    _text("sha256"),
    _text("path"),
    _text("title"),
    _text("language"),
    Column("pages", Integer),
    Column("warnings", Json, nullable=False),
    _text("added_at"),
    _text("added_by"),
    UniqueConstraint("report_id", "number"),
    Index(None, "sha256"),
)
passage = Table(
    "passage",
    metadata,
    Column("id", String(16), primary_key=True),
    _to("report"),
    _text("language"),
    _text("text"),
    _text("text_sha256"),
    Index(None, "report_id"),
)
placement = Table(
    "placement",
    metadata,
    # Where a passage stands in one version of its report.
    Column("report_version_id", Integer, ForeignKey("report_version.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    _to("passage"),
    Column("page", Integer),
    Column("heading", Json, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _text("kind"),
    _text("lead_in"),
    Index(None, "passage_id"),
    # Kept in the order of the key, which is how it is read; so are some tables below.
    sqlite_with_rowid=False,
)
codebook_version = Table(
    "codebook_version",
    metadata,
    _id(),
    # The project's own count, 1, 2, ...; the file's 'version' is what its authors call it.
    Column("number", Integer, nullable=False, unique=True),
    _text("source"),
    _text("sha256"),
    # decisions.Translation from the version before.
    Column("translation", Json, nullable=False),
    # Sentences for people: 'theme x renamed to y'.
    Column("changes", Json, nullable=False),
    _text("created_at"),
    _text("created_by"),
)
model_version = Table(
    "model_version",
    metadata,
    _id(),
    _text("name"),
    _text("fingerprint", unique=True),
    Column("details", Json, nullable=False),
    _text("created_at"),
)
suggestion = Table(
    "suggestion",
    metadata,
    _id(),
    _to("passage"),
    _to("model_version"),
    _to("codebook_version"),
    # 0 (certain) to 1 (a coin toss): the entropy in bits of its most doubtful finding type.
    Column("uncertainty", Float, nullable=False),
    _text("created_at"),
    Index(None, "passage_id", "id"),
    UniqueConstraint("model_version_id", "codebook_version_id", "passage_id"),
)
suggested_code = Table(
    "suggested_code",
    metadata,
    Column("suggestion_id", Integer, ForeignKey("suggestion.id"), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("probability", Float, nullable=False),
    # At or above the threshold of its finding type; of themes, the likeliest.
    Column("suggested", Boolean, nullable=False),
    CheckConstraint("kind in ('finding_type', 'theme')", name="kind"),
    sqlite_with_rowid=False,
)
round_ = Table(
    "round",
    metadata,
    _id(),
    _text("name", unique=True),
    _text("purpose"),
    _text("strategy"),
    Column("seed", Integer),
    Column("blind", Boolean, nullable=False),
    _text("created_at"),
    _text("created_by"),
    _text("closed_at", null=True),
    CheckConstraint("purpose in ('reading', 'learning', 'audit')", name="purpose"),
)
selection = Table(
    "selection",
    metadata,
    _id(),
    _to("round"),
    _to("passage"),
    # None where chance had no part: a reviewer chose, or a strategy ranked.
    Column("probability", Float),
    _text("reason"),
    _text("created_at"),
    UniqueConstraint("round_id", "passage_id"),
    Index(None, "passage_id"),
)
assignment = Table(
    "assignment",
    metadata,
    Column("selection_id", Integer, ForeignKey("selection.id"), primary_key=True),
    Column("annotator_id", Integer, ForeignKey("annotator.id"), primary_key=True),
)
policy_version = Table(
    "policy_version",
    metadata,
    _id(),
    Column("policy", Json, nullable=False),
    _text("created_at"),
)
decision = Table(
    "decision",
    metadata,
    # Given by the log itself under a lock: without gaps, so that a removed row shows.
    Column("id", Integer, primary_key=True, autoincrement=False),
    _to("passage"),
    _to("annotator"),
    _text("verdict"),
    Column("labels", Json, nullable=False),
    Column("themes", Json, nullable=False),
    _text("comment"),
    Column("seconds", Float),
    Column("blind", Boolean, nullable=False),
    Column("adjudicates", Boolean, nullable=False),
    _to("decision", "undoes_id", null=True),
    _to("codebook_version"),
    _to("suggestion", null=True),
    _to("selection"),
    _text("source"),
    _text("key", unique=True),
    _text("made_at"),
    _text("previous_hash"),
    _text("hash", unique=True),
    CheckConstraint(
        "verdict in ('confirm', 'correct', 'reject', 'unsure', 'undo')", name="verdict"
    ),
    # Covers the question whether an annotator has a decision on a passage that still holds.
    Index(None, "passage_id", "annotator_id", "id", "verdict", "undoes_id"),
    Index(None, "annotator_id", "id"),
)
resolution = Table(
    "resolution",
    metadata,
    # What follows from the decisions; kept so that nothing has to be worked out when read.
    # `whatworks audit` works it out again and compares.
    Column("passage_id", String(16), ForeignKey("passage.id"), primary_key=True),
    # The passage's, once more: so that one index counts the states of every report.
    _to("report"),
    _text("state"),
    Column("labels", Json, nullable=False),
    Column("themes", Json, nullable=False),
    # 'agreed', 'adjudicated', or '' while not confirmed.
    _text("how"),
    Column("votes", Integer, nullable=False),
    # The last decision that had a part in it.
    _to("decision"),
    _text("updated_at"),
    CheckConstraint("state in ('in review', 'disagreed', 'confirmed', 'stale')", name="state"),
    Index(None, "state"),
    Index(None, "report_id", "state"),
    sqlite_with_rowid=False,
)
resolved_code = Table(
    "resolved_code",
    metadata,
    # The labels of confirmed passages only, one a row, for counting.
    Column("passage_id", String(16), ForeignKey("passage.id"), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("code", Text, primary_key=True),
    Index(None, "kind", "code"),
    sqlite_with_rowid=False,
)
answer = Table(
    "answer",
    metadata,
    # What people say about passages, each answer once: ballots name it by its id.
    _id(),
    _to("codebook_version"),
    Column("labels", Json, nullable=False),
    Column("themes", Json, nullable=False),
)
ballot = Table(
    "ballot",
    metadata,
    # The independent votes on a passage with at least two, for measuring agreement. Like
    # `resolution` it follows from the decisions; reading them all would take too long.
    Column("passage_id", String(16), ForeignKey("passage.id"), primary_key=True),
    _text("language"),
    # Three numbers a vote, as `ballots.py` writes them: annotator, round and answer.
    _text("votes"),
)
account = Table(
    "account",
    metadata,
    # Who may log in to the review app; what they decide stands under their annotator's name.
    Column("annotator_id", Integer, ForeignKey("annotator.id"), primary_key=True),
    _text("role"),
    # As argon2 writes it, with its parameters and salt.
    _text("password_hash"),
    _text("created_at"),
    _text("disabled_at", null=True),
    CheckConstraint("role in ('reviewer', 'adjudicator', 'owner')", name="role"),
)
login_session = Table(
    "login_session",
    metadata,
    # The SHA-256 of what the browser holds: whoever reads the table cannot log in by it.
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", Integer, ForeignKey("account.annotator_id"), nullable=False),
    _text("created_at"),
    # Written now and then, not at every request.
    _text("seen_at"),
    _text("expires_at"),
    Index(None, "account_id"),
)
codebook_draft = Table(
    "codebook_draft",
    metadata,
    # What somebody prepares in the review app, as it stood after each step; gone when applied.
    # By the name's key, since where nobody logs in there need be no annotator.
    Column("person", Text, primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    _text("name"),
    # The number of the codebook version that it changes.
    Column("base", Integer, nullable=False),
    _text("source"),
    Column("did", Json, nullable=False),
    _text("made_at"),
)
register_entry = Table(
    "register_entry",
    metadata,
    _id(),
    # 'E12' in source marks: given once, in the order of the list, and never again.
    Column("number", Integer, nullable=False, unique=True),
    _text("created_at"),
)
register_fact = Table(
    "register_fact",
    metadata,
    _id(),
    _to("register_entry"),
    # All that is known of the evaluation from here on, as `register.Facts`; NULL takes it off the
    # list. The last one counts.
    Column("facts", Json),
    # Where it comes from: a list's file, 'edit', or what was found in the report.
    _text("source"),
    _to("annotator"),
    _text("made_at"),
    Index(None, "register_entry_id", "id"),
)
screening = Table(
    "screening",
    metadata,
    _id(),
    _to("register_entry"),
    _to("annotator"),
    # NULL takes back what the screener had said; the last one counts.
    _text("verdict", null=True),
    # Ids of criteria of the settings.
    Column("reasons", Json, nullable=False),
    _text("note"),
    # Whether it settles a conflict of others.
    Column("settles", Boolean, nullable=False),
    _text("made_at"),
    CheckConstraint("verdict in ('include', 'exclude', 'possible')", name="verdict"),
    Index(None, "register_entry_id", "id"),
)
appraisal = Table(
    "appraisal",
    metadata,
    _id(),
    _to("register_entry"),
    _to("annotator"),
    # Item of the checklist to 'yes', 'partly' or 'no'; the last one of each appraiser counts.
    Column("answers", Json, nullable=False),
    _text("note"),
    _text("made_at"),
    Index(None, "register_entry_id", "id"),
)

APPEND_ONLY = (
    "decision",
    "report_version",
    "passage",
    "placement",
    "codebook_version",
    "model_version",
    "suggestion",
    "suggested_code",
    "selection",
    "policy_version",
    "register_entry",
    "register_fact",
    "screening",
    "appraisal",
)
"""Tables whose rows the database itself refuses to change, replace or delete. On SQLite
an INSERT with any ON CONFLICT clause is refused too where the row is there: look, then insert."""
