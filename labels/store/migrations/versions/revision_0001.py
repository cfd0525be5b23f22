"""The first tables."""

from typing import Any

from alembic import op
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

revision = "0001"
down_revision = None

# A copy of schema.py as it was: it stays when that one goes on.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _to(table: str, name: str | None = None, *, null: bool = False) -> Column[Any]:
    kind: Any = String(16) if table == "passage" else Integer
    return Column(name or f"{table}_id", kind, ForeignKey(f"{table}.id"), nullable=null)


def _text(name: str, *, null: bool = False, unique: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null, unique=unique)


Table(
    "project",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one"), primary_key=True),
    _text("key"),
    _text("created_at"),
    Column("decisions", Integer, nullable=False),
    _text("head"),
)
Table(
    "annotator",
    metadata,
    _id(),
    _text("name", unique=True),
    _text("created_at"),
)
Table(
    "report",
    metadata,
    _id(),
    _text("name", unique=True),
    Column("metadata", Text, nullable=False),
    _text("added_at"),
)
Table(
    "report_version",
    metadata,
    _id(),
    _to("report"),
    Column("number", Integer, nullable=False),
    _text("sha256"),
    _text("path"),
    _text("title"),
    _text("language"),
    Column("pages", Integer),
    Column("warnings", Text, nullable=False),
    _text("added_at"),
    _text("added_by"),
    UniqueConstraint("report_id", "number"),
    Index(None, "sha256"),
)
Table(
    "passage",
    metadata,
    Column("id", String(16), primary_key=True),
    _to("report"),
    _text("language"),
    _text("text"),
    _text("text_sha256"),
    Index(None, "report_id"),
)
Table(
    "placement",
    metadata,
    Column("report_version_id", Integer, ForeignKey("report_version.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    _to("passage"),
    Column("page", Integer),
    Column("heading", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _text("kind"),
    _text("lead_in"),
    Index(None, "passage_id"),
    sqlite_with_rowid=False,
)
Table(
    "codebook_version",
    metadata,
    _id(),
    Column("number", Integer, nullable=False, unique=True),
    _text("source"),
    _text("sha256"),
    Column("translation", Text, nullable=False),
    Column("changes", Text, nullable=False),
    _text("created_at"),
    _text("created_by"),
)
Table(
    "model_version",
    metadata,
    _id(),
    _text("name"),
    _text("fingerprint", unique=True),
    Column("details", Text, nullable=False),
    _text("created_at"),
)
Table(
    "suggestion",
    metadata,
    _id(),
    _to("passage"),
    _to("model_version"),
    _to("codebook_version"),
    Column("uncertainty", Float, nullable=False),
    _text("created_at"),
    Index(None, "passage_id", "id"),
    UniqueConstraint("model_version_id", "codebook_version_id", "passage_id"),
)
Table(
    "suggested_code",
    metadata,
    Column("suggestion_id", Integer, ForeignKey("suggestion.id"), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("probability", Float, nullable=False),
    Column("suggested", Boolean, nullable=False),
    CheckConstraint("kind in ('finding_type', 'theme')", name="kind"),
    sqlite_with_rowid=False,
)
Table(
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
Table(
    "selection",
    metadata,
    _id(),
    _to("round"),
    _to("passage"),
    Column("probability", Float),
    _text("reason"),
    _text("created_at"),
    UniqueConstraint("round_id", "passage_id"),
    Index(None, "passage_id"),
)
Table(
    "assignment",
    metadata,
    Column("selection_id", Integer, ForeignKey("selection.id"), primary_key=True),
    Column("annotator_id", Integer, ForeignKey("annotator.id"), primary_key=True),
)
Table(
    "policy_version",
    metadata,
    _id(),
    Column("policy", Text, nullable=False),
    _text("created_at"),
)
Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _to("passage"),
    _to("annotator"),
    _text("verdict"),
    Column("labels", Text, nullable=False),
    Column("themes", Text, nullable=False),
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
    Index(None, "passage_id", "annotator_id", "id", "verdict", "undoes_id"),
    Index(None, "annotator_id", "id"),
)
Table(
    "resolution",
    metadata,
    Column("passage_id", String(16), ForeignKey("passage.id"), primary_key=True),
    _to("report"),
    _text("state"),
    Column("labels", Text, nullable=False),
    Column("themes", Text, nullable=False),
    _text("how"),
    Column("votes", Integer, nullable=False),
    _to("decision"),
    _text("updated_at"),
    CheckConstraint("state in ('in review', 'disagreed', 'confirmed', 'stale')", name="state"),
    Index(None, "state"),
    Index(None, "report_id", "state"),
    sqlite_with_rowid=False,
)
Table(
    "resolved_code",
    metadata,
    Column("passage_id", String(16), ForeignKey("passage.id"), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("code", Text, primary_key=True),
    Index(None, "kind", "code"),
    sqlite_with_rowid=False,
)
Table(
    "answer",
    metadata,
    _id(),
    _to("codebook_version"),
    Column("labels", Text, nullable=False),
    Column("themes", Text, nullable=False),
)
Table(
    "ballot",
    metadata,
    Column("passage_id", String(16), ForeignKey("passage.id"), primary_key=True),
    _text("language"),
    _text("votes"),
)


def upgrade() -> None:
    """Makes the tables."""
    metadata.create_all(op.get_bind(), checkfirst=False)
