"""What a driver is: its protocols, the values that it takes and gives, its labels on the engine."""
