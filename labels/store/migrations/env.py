"""What alembic runs: the revisions, on the connection and in the transaction of ``migrate``."""

from alembic import context

context.configure(**context.config.attributes["settings"])
with context.begin_transaction():
    context.run_migrations()
