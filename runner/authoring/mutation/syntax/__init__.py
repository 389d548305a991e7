"""Reads scripts and the manifests in them by parsers, and edits their text in place."""
