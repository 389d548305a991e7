"""The kinds for Kubernetes clusters, one file for each kind or each group of kinds that share their questions."""
