"""What Alembic runs: the migrations, on the connection that `migrating` hands over."""

from alembic import context

from rung.runner.store.tables import metadata

# The transaction is the caller's: it holds the lock, and makes all of it one step.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
