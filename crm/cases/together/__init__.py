"""Several demands about one problem: near each other, followed together, one incident."""
