"""Proof by mutation: tries what no author thinks of, and names every wrong attempt that still earns full points."""
