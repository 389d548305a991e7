"""What a driver is: its protocols, its arguments and results, its labels on the engine."""
