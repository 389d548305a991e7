"""The record of what learners did: an SQLite database that is filled from the journals."""
