"""What can be chosen in a report, asked for when a form is shown: entered figures come and go."""


def figures() -> list[tuple[str, str]]:
    """Keys and labels of all figures of the catalogue."""
    return []


def charts() -> list[tuple[str, str]]:
    """Keys and labels of all charts."""
    return []
