"""The command line."""


def main() -> None:
    """Run the `rung` command."""
