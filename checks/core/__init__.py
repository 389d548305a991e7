"""What every kind is made of: outcomes, machines, expectations, comparison of data."""
