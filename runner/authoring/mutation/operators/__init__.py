"""Operators: each derives attempts from a right answer that leave something out or do it a little wrongly."""
