"""One door to every repository: its environment, built from what it declares."""

# A constant, not importlib.metadata: reading the metadata costs more than `pyve run` itself.
__version__ = "0.1.0"
