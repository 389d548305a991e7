"""True scores: a score of 0.99 meant all points with a failed check."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Read all journals again: the points in their reports give the true scores."""
    op.execute(sa.text("DELETE FROM sources"))
