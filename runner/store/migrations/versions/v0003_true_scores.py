"""True scores: 0.99 stood for all points with a check that did not hold."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The journals are read again: the points in their reports tell the true score of each check."""
    op.execute(sa.text("DELETE FROM sources"))
