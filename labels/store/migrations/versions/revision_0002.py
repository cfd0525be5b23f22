"""Accounts of the review app, and the sessions of those who logged in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "account",
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("annotator_id", name="pk_account"),
        sa.ForeignKeyConstraint(
            ["annotator_id"], ["annotator.id"], name="fk_account_annotator_id_annotator"
        ),
        sa.CheckConstraint(
            "role in ('reviewer', 'adjudicator', 'owner')", name=op.f("ck_account_role")
        ),
    )
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_login_session"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.annotator_id"], name="fk_login_session_account_id_account"
        ),
    )
    op.create_index("ix_login_session_account_id", "login_session", ["account_id"])
