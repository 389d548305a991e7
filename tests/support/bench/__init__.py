"""`make bench`: Rung's speed beside the bare tools, measured in one run."""
