"""The record of what learners did: SQLAlchemy over SQLite, filled from the journals."""
