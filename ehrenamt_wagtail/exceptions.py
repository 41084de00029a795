"""What an action raises when it refuses; every message is meant to be read by the person who acted."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _


class EhrenamtError(Exception):
    """An action was refused and nothing was changed. ``message`` is a sentence for the person who acted."""

    def __init__(self, message: str = "") -> None:
        self.message = str(message)
        super().__init__(self.message)


class NotAllowed(EhrenamtError):
    """The rules forbid the action for this person or in this state."""


class StaleRevision(EhrenamtError):
    """Somebody saved a newer revision than the one the person worked on."""

    def __init__(self, message: str, latest) -> None:
        self.latest = latest
        super().__init__(message)


class SubmissionIncomplete(EhrenamtError):
    """Facts are missing or wrong. ``errors`` maps field names to lists of sentences."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = dict(errors)
        super().__init__(_("Some facts are still missing. Nothing is lost: the draft is kept."))


class ReasonNeeded(EhrenamtError):
    """A date clashes strongly and nobody has said why it is submitted all the same. ``check`` is the ``PlanCheck`` that says so."""

    def __init__(self, check) -> None:
        self.check = check
        super().__init__(
            _(
                "This is not submitted yet: something else takes place that competes strongly. Nothing is lost: the draft is "
                "kept. Choose another date, or say why it is to stay."
            )
        )


class StillUsed(EhrenamtError):
    """An entry of a register cannot be deleted. ``uses`` lists where it is used, see ``directory.queries.usage_of``."""

    def __init__(self, message: str, uses: Sequence) -> None:
        self.uses = list(uses)
        super().__init__(message)


class UploadRefused(EhrenamtError):
    """A file is too large, of a wrong type or cannot be read."""


def first_objection(rules, **facts) -> NotAllowed | None:
    """Ask each rule in turn; return the first ``NotAllowed`` that one raises, else ``None``.

    A rule is a function of keyword arguments that raises ``NotAllowed`` or returns nothing. The same list decides whether a
    button shows (``first_objection(...) is None``) and whether the action may run (``ensure``).
    """
    for rule in rules:
        try:
            rule(**facts)
        except NotAllowed as objection:
            return objection
    return None


def ensure(rules, **facts) -> None:
    """Raise the first objection of ``rules``, if there is one."""
    objection = first_objection(rules, **facts)
    if objection is not None:
        raise objection
