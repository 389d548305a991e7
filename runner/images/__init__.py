"""The images that machines boot."""
