"""The kinds for Linux machines; importing this package enters them in the table."""
