"""Checks become outcomes, outcomes become points and a report."""
