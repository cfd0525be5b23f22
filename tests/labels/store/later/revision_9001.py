"""A revision that does not exist: what a real one may have to do to a database with work in it."""

import sqlalchemy as sa
from alembic import op

from whatworks.labels.store import migrations

revision = "9001"
# Where this one is known, it is the last.
down_revision = migrations.REVISIONS[-2]


def upgrade() -> None:
    # Both a table made anew (on SQLite) and rows changed, in a table that is append-only.
    with op.batch_alter_table("decision") as decision:
        decision.add_column(sa.Column("device", sa.Text(), nullable=True))
    decision = sa.table("decision", sa.column("device"), sa.column("source"))
    op.execute(decision.update().values(device="a " + decision.c.source))
    with op.batch_alter_table("decision") as altered:
        altered.alter_column("device", existing_type=sa.Text(), nullable=False)
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
