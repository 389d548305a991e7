"""Evaluates checks, and makes points and a report of their outcomes."""
