"""Precision and recall of "similar offerings" with the default settings, on the labelled pairs of real German titles.

    python benchmarks/similar.py

The pairs stand in ``tests/coordination/data/similar_pairs.csv``; the last column says why a pair is a double or none. Every pair is
put into a fresh database and judged by ``find_similar`` itself, so that weeks, distance and co-hosts count as they do on the site.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


def main() -> None:
    import django
    from django.test.utils import setup_test_environment, teardown_test_environment

    django.setup()
    from tests.databases import own_database

    setup_test_environment()
    with TemporaryDirectory() as folder, own_database(Path(folder), Path(folder), worker="", keep=False, anew=False):
        report()
    teardown_test_environment()


def report() -> None:
    from tests.coordination.pairs import judge, precision_and_recall, read_pairs
    from tests.factories import make_site

    make_site(setup=False)
    answers = judge(read_pairs())
    print(f"{'score':>5}  label   first title / second title")
    for answer in sorted(answers, key=lambda answer: (-(answer.score or 0), not answer.pair.double)):
        pair = answer.pair
        mark = "" if answer.is_found == pair.double else "  <- " + ("missed" if pair.double else "false alarm")
        label = "double" if pair.double else "none"
        print(f"{answer.score if answer.is_found else '–':>5}  {label:6}  {pair.title} / {pair.other_title}{mark}")
    precision, recall = precision_and_recall(answers)
    doubles = sum(answer.pair.double for answer in answers)
    print(f"\n{len(answers)} pairs, {doubles} of them doubles: precision {precision:.2f}, recall {recall:.2f}")


if __name__ == "__main__":
    main()
