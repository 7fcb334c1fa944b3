"""Run by itself, by `papers`: a template and its data in, a PDF out. Imports nothing of the house.

A compiler keeps its fonts and all it ever read: in a process of its own, that is given back with each paper,
and a document without end can be cut short.
"""

from __future__ import annotations

import json
import sys

import typst


def main() -> int:
    """Reads `{"shelf", "template", "data"}` on standard input. 2: the document could not be made."""
    asked = json.load(sys.stdin)
    try:
        made = typst.compile(
            f"{asked['shelf']}/{asked['template']}.typ",
            root=asked["shelf"],
            format="pdf",
            sys_inputs={"data": json.dumps(asked["data"])},
        )
    except typst.TypstError as wrong:
        sys.stderr.write(str(wrong))
        return 2
    sys.stdout.buffer.write(made if isinstance(made, bytes) else b"".join(made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
