"""Evaluators that the kinds for clusters share; no kinds."""
