"""Signals of the app, for hosts and for rooms that care about rooms below them.

All are sent inside the transaction of the change, with ``sender`` the page's class:

- ``offering_saved``: ``page``, ``update_fields``, ``written``; whenever a page is written with its dates, or a revision of it.
  ``written`` is for the app's own receivers: what was written, unless the page is new or only some of its fields were
- ``offering_submitted``: ``page``, ``actor``, ``task_state``
- ``offering_withdrawn``: ``page``, ``actor``
- ``offering_approved``: ``page``, ``actor``, ``decision``, ``was_published`` (a change of a published page)
- ``offering_returned``: ``page``, ``actor``, ``decision``
- ``offering_cancelled``: ``page``, ``actor``, ``cancellation``
- ``offering_copied``: ``page`` (the copy), ``original``, ``actor``, ``weeks``, ``uids`` (uid of a date of the original → of the copy)
- ``day_requested`` and ``day_decided``: ``page``, ``actor``, ``day_request``
"""

from django.dispatch import Signal

offering_saved = Signal()
offering_submitted = Signal()
offering_withdrawn = Signal()
offering_approved = Signal()
offering_returned = Signal()
offering_cancelled = Signal()
offering_copied = Signal()
day_requested = Signal()
day_decided = Signal()
