"""What every other package may use: errors, paths, journal, locks, processes, threads."""
