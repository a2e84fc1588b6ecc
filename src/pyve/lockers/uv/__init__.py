"""Python locks by uv, whose universal resolution is restricted to the platforms that are asked for."""
