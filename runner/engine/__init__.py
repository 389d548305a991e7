"""The container engine: where it is, what it can do, how it is asked, how it is installed."""
