"""Alembic's entry point: runs the migrations on the connection that `migrate` passes."""

from alembic import context

from rung.runner.store.tables import metadata

# The caller's transaction holds the lock and makes all migrations one step.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
