"""What a person can do, as functions that need no terminal: the command line and other faces of Rung call them."""
