"""Locks of other tools, read through the exporters of those tools."""
