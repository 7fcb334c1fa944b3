"""Measures the product as it is served: `make bench`. See bench/README.md."""
