"""One file a kind of storage; each ends with `build`."""
