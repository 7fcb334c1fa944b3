"""The `crm` command: root.py gathers its groups. Empty, so that run.py starts without loading the others."""
