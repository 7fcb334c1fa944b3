"""One file a kind of measure; each gives lines for the table."""
