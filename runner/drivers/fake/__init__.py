"""Driver `fake`: machines in memory, for tests that need a failure on demand."""
