"""One migration in each file; they run in the order of their numbers."""
