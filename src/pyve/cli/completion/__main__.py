"""`python -m pyve.cli.completion`, in a checkout: write completions/ anew."""

import os

from pyve.activation.completion.files import COMPLETION_FILES
from pyve.cli.completion.generation import current_tree, render_completion
from pyve.system.bundled_files import find_bundled_file


def write_completions() -> None:
    """Write every completion file beside the templates it is made of."""
    tree = current_tree()
    for shell, name in COMPLETION_FILES.items():
        folder = os.path.dirname(os.path.dirname(find_bundled_file("completions", "templates", name)))
        with open(os.path.join(folder, name), "wb") as file:
            file.write(render_completion(shell, tree))


if __name__ == "__main__":
    write_completions()
