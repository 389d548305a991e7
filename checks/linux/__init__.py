"""The kinds for Linux machines, one file for each kind or each group of kinds that share their questions."""
