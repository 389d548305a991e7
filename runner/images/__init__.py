"""The images that machines boot: their description, and two ways to build them."""
