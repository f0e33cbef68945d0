"""Writes vectors/*.json: `python3 test/peers/python/generate.py`. With `--check` it writes nothing, and fails where a file differs.

The vectors come from tables and rules in `description/`, which were written from the briefing and the rulebook. Nothing
here calls the library. Standard library alone, Python 3.9 or later.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from description import access, authority, identity, integrity, listing, lockout, otp, passwords, timeline, workflow  # noqa: E402

FOLDER = Path(__file__).resolve().parents[3] / "vectors"
MODULES = (identity, passwords, otp, lockout, access, authority, timeline, workflow, listing, integrity)


def text_of(group):
    """The text of a file: a vector a line, ASCII, so that what is invisible can be seen."""
    vectors = ",\n".join(json.dumps(each) for each in group["vectors"])
    head = {"$schema": "./schema.json", **{key: value for key, value in group.items() if key != "vectors"}}
    opening = json.dumps(head, indent=2)[:-2]
    return f'{opening},\n  "vectors": [\n{vectors}\n  ]\n}}\n'


def main():
    files = {f"{group['group']}.json": text_of(group) for group in (make() for module in MODULES for make in module.GROUPS)}
    there = {path.name for path in FOLDER.glob("*.json")} - {"schema.json"}
    wrong = sorted(there - set(files))
    for name, text in files.items():
        path = FOLDER / name
        if path.exists() and path.read_bytes() == text.encode():
            continue
        wrong.append(name)
        if "--check" not in sys.argv:
            path.write_bytes(text.encode())
    count = sum(len(json.loads(text)["vectors"]) for text in files.values())
    print(f"{len(files)} files, {count} vectors; {'differ' if '--check' in sys.argv else 'written'}: {', '.join(wrong) or 'none'}")
    return 1 if wrong and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
