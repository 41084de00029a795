"""What can be chosen in a report, asked for when a form is shown: entered figures come and go."""

from ..figures.catalogue import SECTIONS, figures


def figure_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Names and labels of all figures, by section."""
    sections: dict[str, list] = {}
    for figure in figures():
        sections.setdefault(figure.section, []).append((figure.name, str(figure.label)))
    return [(str(SECTIONS[section]), found) for section, found in sections.items()]


def chart_choices() -> list[tuple[str, str]]:
    """Keys and titles of all charts."""
    from .pictures import CHARTS

    return [(key, str(chart.title)) for key, chart in CHARTS.items()]
