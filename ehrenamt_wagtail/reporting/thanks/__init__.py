"""Thanks: circles name volunteers by a mailed link, the district writes to all of them, then the names are deleted."""
