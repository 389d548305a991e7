"""One lab: its files become a `Lab`, or every mistake in them with its place."""
