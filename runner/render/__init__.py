"""Renders results as terminal pages, HTML, CSV and JUnit: one file for each page."""
