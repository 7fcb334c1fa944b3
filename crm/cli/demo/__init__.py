"""The demonstration métropole: all of it invented, the same on every machine."""
