"""The outbox: mails are rows written with the change they tell of, and delivered by jobs."""
