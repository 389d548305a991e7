"""The images that machines boot: descriptions, and two ways to build them."""
