"""Exams: their results, and the attempts that belong to them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add tables and columns; all journals are read again, since they may have values for them."""
    op.add_column("attempts", sa.Column("exam", sa.String))
    op.add_column("checks", sa.Column("in_time", sa.Boolean))
    op.create_table(
        "exams",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("track", sa.String, nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("points", sa.Float, nullable=False),
        sa.Column("pass_mark", sa.Float, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("late_minutes", sa.Float, nullable=False),
    )
    op.create_table(
        "exam_domains",
        sa.Column("exam", sa.String, sa.ForeignKey("exams.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("points", sa.Float, nullable=False),
    )
    op.execute(sa.text("DELETE FROM sources"))
