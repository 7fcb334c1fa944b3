"""The verbs that write a case."""
