"""Migrations of older databases to the schema that `tables` describes."""
