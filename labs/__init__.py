"""The labs that come with Rung: content as data (`importlib.resources` finds it here)."""
