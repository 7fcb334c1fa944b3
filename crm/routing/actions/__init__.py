"""What is done to the decision table: load it, draft it, edit it, try it, publish it."""
