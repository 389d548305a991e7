"""What the tests of exams share."""

from exam_fixtures import room

__all__ = ["room"]  # fixtures are found by their names here
