"""The register of evaluations, their screening and their appraisal."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_register_entry"),
        sa.UniqueConstraint("number", name="uq_register_entry_number"),
    )
    _about_an_entry(
        "register_fact",
        sa.Column("facts", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False),
    )
    _about_an_entry(
        "screening",
        sa.Column("verdict", sa.Text()),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("settles", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "verdict in ('include', 'exclude', 'possible')", name=op.f("ck_screening_verdict")
        ),
    )
    _about_an_entry(
        "appraisal",
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )


def _about_an_entry(table: str, *columns: sa.Column[object] | sa.CheckConstraint) -> None:
    """Makes a table of what somebody said of an entry at some time."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_entry_id", sa.Integer(), nullable=False),
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["register_entry_id"],
            ["register_entry.id"],
            name=f"fk_{table}_register_entry_id_register_entry",
        ),
        sa.ForeignKeyConstraint(
            ["annotator_id"], ["annotator.id"], name=f"fk_{table}_annotator_id_annotator"
        ),
    )
    op.create_index(f"ix_{table}_register_entry_id_id", table, ["register_entry_id", "id"])
