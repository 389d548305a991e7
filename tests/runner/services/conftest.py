"""What the tests of services share."""

from exam_fixtures import room

__all__ = ["room"]  # fixtures are found by their names here
