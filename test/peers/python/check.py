"""Passes the vectors: `python3 test/peers/python/check.py [<folder>]`. Each expected answer is computed from its input.

`answers/` is a second implementation of the rules that the vectors are about. Nothing in it is used to write the vectors, and
it uses nothing of their description.
Standard library alone, Python 3.9 or later. Exit code 0: every vector passes; 1: some do not, or a group is unknown.
"""

import json
import sys
from itertools import product
from math import prod
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from answers import access, authentication, identity, integrity, listing, timeline, workflow  # noqa: E402

FOLDER = Path(__file__).resolve().parents[3] / "vectors"
MODULES = (identity, authentication, integrity, timeline, workflow, access, listing)
ANSWERS = {name: answer for module in MODULES for name, answer in module.ANSWERS.items()}


def same(one, other):
    """Equal as JSON: for Python, true is 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def wrong_in(file):
    """What is wrong with the vectors of a file, a line each."""
    answer = ANSWERS[file["group"]]
    more = tuple(file[each] for each in ("people", "facts") if each in file)
    for number, each in enumerate(file["vectors"]):
        try:
            got = answer(each["input"], *more)
        except Exception as error:  # A vector that cannot be answered is one that fails.
            got = repr(error)
        if not same(got, each["expected"]):
            yield f"{file['group']} {number}, {each['rule']} {each['case']}: {json.dumps(got)} and not {json.dumps(each['expected'])}"


def overlap(file):
    """What a table of rows lacks to be a partition: each method must answer every combination of the facts once."""
    facts = file["facts"]
    answered = {}
    for each in file["vectors"]:
        when = [each["input"]["when"].get(fact, every) for fact, every in facts.items()]
        for combination in product(*when):
            key = (each["input"]["method"], *combination)
            answered[key] = answered.get(key, 0) + 1
    methods = {each["input"]["method"] for each in file["vectors"]}
    due = len(methods) * prod(len(every) for every in facts.values())
    twice = sum(count > 1 for count in answered.values())
    return [f"{due - len(answered)} combinations without an answer, {twice} with several"] if twice or len(answered) != due else []


def main():
    if "description" in sys.modules:
        raise SystemExit("the second implementation uses the description of the vectors")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")) if path.name != "schema.json"]
    unknown = [file["group"] for file in files if file["group"] not in ANSWERS]
    absent = sorted(set(ANSWERS) - {file["group"] for file in files})
    empty = [file["group"] for file in files if not file["vectors"]]
    failed = passed = 0
    for file in files:
        if file["group"] in unknown:
            continue
        wrong = list(wrong_in(file)) + (overlap(file) if "facts" in file else [])
        count = len(file["vectors"])
        failed, passed = failed + len(wrong), passed + count - len(wrong)
        print(f"{file['group']}: {count - len(wrong)} of {count}")
        for line in wrong:
            print(f"  {line}")
    for what, groups in (("unknown", unknown), ("without a file", absent), ("without vectors", empty)):
        if groups:
            print(f"groups {what}: {', '.join(groups)}")
    print(f"{len(files)} files, {passed} passed, {failed} failed")
    return 1 if failed or unknown or absent or empty else 0


if __name__ == "__main__":
    sys.exit(main())
