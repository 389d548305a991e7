"""Pages for the terminal, HTML, CSV and JUnit: one file for each page."""
