"""Each folder with a lab.yaml becomes a pytest test."""
