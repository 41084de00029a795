"""What the state machines of Hypothesis have in common here: each sequence of steps in a transaction that is taken back."""

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine


def steps(*, sequences: int, length: int) -> settings:
    """So many sequences of so many steps, the same in every run."""
    return settings(
        max_examples=sequences,
        stateful_step_count=length,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        # Shrinking would take minutes; the steps of the first failure are printed.
        phases=[Phase.generate],
    )


class TakenBack(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
