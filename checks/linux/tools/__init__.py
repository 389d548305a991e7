"""Parsers and evaluators that the kinds for machines share; no kinds."""
