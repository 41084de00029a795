"""What the serving benchmark compares the app with: a Django app of its own beside the demonstration site."""
