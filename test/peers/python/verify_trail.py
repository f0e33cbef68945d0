"""Verifies exported trails, and a checkpoint of them, without the library: `python3 verify_trail.py --help`.

Follows docs/trail.md, and shares no code with the library. One file, the standard library alone, Python 3.9 or later: read it before you trust it.

The export has a line of JSON for each record:
    {"key": {"participant", "kind", "id"}, "record": {"version", "head"}, "trail": [entry, …]}
Exit code 0: nothing was found; 1: something was found, a line each; 2: the files could not be read.
"""

import argparse
import hashlib
import json
import re
import sys

TRAIL, PERSONAL, CHECKPOINT = "ccass-2fa/trail/1", "ccass-2fa/personal/1", "ccass-2fa/checkpoint/1"
KINDS_OF_PERSONAL_DATA = ("context", "identity", "contact")
LARGEST = 2**53 - 1
HASH = re.compile("[0-9a-f]{64}", re.ASCII)
SALT = re.compile("[0-9a-f]{32}", re.ASCII)


# JSON, and its canonical text (RFC 8785)

def _no_number(text):
    raise ValueError(f"{text} is not JSON")


def _fraction(text):
    number = float(text)
    return number if number not in (float("inf"), float("-inf")) else _no_number(text)


def _whole(text):
    """JSON has the numbers of ECMAScript: beyond 2^53 they lose digits. One that would change is refused: two texts would have one hash."""
    number = _fraction(text)
    if abs(number) <= LARGEST:
        return int(text)
    return number if _number(number) == text else _no_number(text)


def _object(pairs):
    """Readers disagree about which of two equal keys counts, so that what is shown need not be what is hashed."""
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("an object has a key twice")
    return value


def parse(text):
    return json.loads(text, parse_int=_whole, parse_float=_fraction, parse_constant=_no_number, object_pairs_hook=_object)


SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(match):
    character = match.group()
    return SHORT.get(character) or f"\\u{ord(character):04x}"


def _string(text):
    # A lone surrogate has no UTF-8; ECMAScript writes it as an escape.
    return '"' + re.sub('["\\\\\x00-\x1f\ud800-\udfff]', _escaped, text) + '"'


def _number(value):
    """Number::toString of ECMAScript. Python's repr has the same digits, and another notation."""
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("not a number of JSON")
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(float(value))).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    point = len(whole) + int(exponent or 0)
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    sign = "-" if value < 0 else ""
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = "." + digits[1:] if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def canonical(value):
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(each) for each in value) + "]"
    # By UTF-16 code units: big-endian bytes are in their order.
    keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(f"{_string(key)}:{canonical(value[key])}" for key in keys) + "}"


# Hashes

def digest(text):
    # What is not well-formed has no UTF-8; encoders of the web put U+FFFD in its place.
    return hashlib.sha256(re.sub("[\ud800-\udfff]", "\ufffd", text).encode()).hexdigest()


def origin(key):
    return digest(TRAIL + canonical([key["participant"], key["kind"], key["id"]]))


def entry_hash(before, entry):
    return digest(before + canonical({name: value for name, value in entry.items() if name not in ("hash", "personal")}))


def opening_of(salt, value):
    return canonical([PERSONAL, salt, value])


# Checkpoints: Merkle trees as RFC 6962, section 2.1, has them

def _node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def _leaf(line):
    return hashlib.sha256(b"\x00" + line.encode()).digest()


def tree_hash(lines):
    """Level by level: a node without a sibling moves up as it is."""
    level = [_leaf(line) for line in lines]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [_node(*level[i:i + 2]) for i in range(0, len(level) - 1, 2)]
        level = pairs + (level[-1:] if len(level) % 2 else [])
    return level[0].hex()


def is_included(proof, checkpoint):
    """As RFC 9162, section 2.1.3.2, verifies an inclusion proof."""
    index, last, path = proof["index"], checkpoint["count"] - 1, proof["path"]
    if not all(_is_whole(each) for each in (index, last)) or not 0 <= index <= last:
        return False
    at = _leaf(proof["line"])
    for text in path:
        if last == 0 or not (isinstance(text, str) and HASH.fullmatch(text)):
            return False
        other = bytes.fromhex(text)
        if index % 2 or index == last:
            at = _node(other, at)
            while index and not index % 2:
                index, last = index >> 1, last >> 1
        else:
            at = _node(at, other)
        index, last = index >> 1, last >> 1
    return last == 0 and at.hex() == checkpoint["root"]


def manifest_line(key, version, head):
    return canonical([key["participant"], key["kind"], key["id"], version, head])


def read_line(line):
    """Participant, kind, id, version and head; None where the line is not one of a manifest."""
    try:
        value = parse(line)
        fits = isinstance(value, list) and len(value) == 5 and _is_count(value[3]) and canonical(value) == line
        return value if fits and all(isinstance(value[i], str) for i in (0, 1, 2, 4)) else None
    except (ValueError, RecursionError):
        return None


def checkpoint_text(at, count, root):
    return canonical({"format": CHECKPOINT, "at": at, "count": count, "root": root})


# One trail

def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _is_count(value):
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    return _is_whole(number) and 0 < number <= LARGEST


def is_reference(value):
    return (
        isinstance(value, dict)
        and set(value) == {"personal", "digest"}
        and value["personal"] in KINDS_OF_PERSONAL_DATA
        and isinstance(value["digest"], str)
    )


def is_entry(value):
    if not isinstance(value, dict) or not isinstance(value.get("event"), dict):
        return False
    texts = (value.get("operationId"), value.get("hash"), value["event"].get("type"))
    counts = (value.get("seq"), value.get("eventVersion"))
    actor = value.get("actor")
    return all(isinstance(each, str) for each in texts) and all(map(_is_count, counts)) and (isinstance(actor, str) or is_reference(actor))


def _finding(code, seq=None, note=""):
    return {"code": code, **({} if seq is None else {"seq": seq}), **({"note": note} if note else {})}


def verify_chain(key, record, entries, checkpointed=None):
    """The findings about order, completeness and hashes. `checkpointed`: version and head in a checkpoint."""
    found, seen = [], set()
    # What the next entry may continue: hashes; none behind a gap, where nothing can be told.
    before, following, beyond, then = [origin(key)], 1, None, None
    version, head = record["version"], record["head"]
    for entry in entries:
        if not is_entry(entry):
            if following > version:
                beyond = max(beyond or 0, following)
                continue
            found.append(_finding("entry-malformed", following))
            seen.add(following)
            before, following = [], following + 1
            continue
        seq = entry["seq"]
        if seq > version:
            beyond = max(beyond or 0, seq)
        elif seq < following:
            duplicate = seq in seen
            found.append(_finding("entry-duplicated" if duplicate else "entry-reordered", seq))
            if duplicate and before:
                before = [*before, entry["hash"]]
            seen.add(seq)
        else:
            if seq > following:
                before = []
            computed = [entry_hash(each, entry) for each in before]
            if computed and entry["hash"] not in computed:
                found.append(_finding("entry-changed", seq, "or the entry before it" if seq > 1 else ""))
                # The next entry may continue what this one says, or what it should say.
                before = [entry["hash"], computed[0]]
            else:
                before = [entry["hash"]]
            if seq == (checkpointed or {}).get("version"):
                then = before
            seen.add(seq)
            following = seq + 1
    last = 0
    for seq in sorted(seen):
        if seq > last + 1:
            found.append(_finding("entry-missing", last + 1))
        last = seq
    if following <= version:
        found.append(_finding("version-mismatch" if before[:1] == [head] else "tail-truncated", following))
    elif before and head not in before:
        found.append(_finding("head-mismatch", version))
    if beyond is not None:
        found.append(_finding("trail-ahead", beyond))
    if checkpointed:
        if version < checkpointed["version"]:
            found.append(_finding("rolled-back", checkpointed["version"]))
        elif then is not None and checkpointed["head"] not in then:
            found.append(_finding("rewritten", checkpointed["version"]))
    return found


def _references(value):
    if is_reference(value):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for part in parts for each in _references(part)]


def _opens(opening, name):
    """Whether an opening is the one of a digest, and has the form of one."""
    if not isinstance(opening, str) or digest(opening) != name:
        return False
    try:
        value = parse(opening)
        # A lone surrogate and U+FFFD have one digest; only one of the two texts is canonical.
        fits = isinstance(value, list) and len(value) == 3 and value[0] == PERSONAL and canonical(value) == opening
        return fits and bool(SALT.fullmatch(value[1]))
    except (ValueError, TypeError, RecursionError):
        return False


def verify_personal(entries):
    """The findings about personal values (PRI-02), and by kind up to which entry they were erased."""
    missing, present, erased, changed = {}, {}, {}, None
    for entry in filter(is_entry, entries):
        seq, personal = entry["seq"], entry.get("personal", {})
        references = _references([entry["actor"], entry["event"], entry.get("context")])
        well_formed = isinstance(personal, dict) and all(isinstance(each, dict) for each in personal.values())
        names = {each["digest"] for each in references}
        if not well_formed or any(name not in names for each in personal.values() for name in each):
            changed = changed or seq
        for reference in references:
            kind, name = reference["personal"], reference["digest"]
            opening = personal.get(kind, {}).get(name) if well_formed else None
            if opening is None:
                missing[kind] = max(missing.get(kind, 0), seq)
            elif _opens(opening, name):
                present[kind] = min(present.get(kind, seq), seq)
            else:
                changed = changed or seq
        event = entry["event"]
        if event["type"] == "PersonalDataErased" and isinstance(event.get("through"), dict):
            for kind in KINDS_OF_PERSONAL_DATA:
                through = event["through"].get(kind)
                if _is_count(through) and through < seq:
                    erased[kind] = max(erased.get(kind, 0), through)
    found = [_finding("personal-data-changed", changed)] if changed else []
    for kind in KINDS_OF_PERSONAL_DATA:
        through = erased.get(kind, 0)
        if missing.get(kind, 0) > through:
            found.append(_finding("personal-data-missing", missing[kind], kind))
        if present.get(kind, through + 1) <= through:
            found.append(_finding("personal-data-not-erased", present[kind], kind))
    return found, erased


# A whole export

def read_book(line):
    """A line of the export; None where it is not one."""
    try:
        book = parse(line)
        key, record, trail = book["key"], book["record"], book["trail"]
        fits = isinstance(trail, list) and all(isinstance(key[name], str) for name in ("participant", "kind", "id"))
        fits = fits and (record is None or (_is_count(record["version"]) and isinstance(record["head"], str)))
        return (key, record, trail) if fits else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def name_of(key):
    return (key["participant"], key["kind"], key["id"])


def report(code, name="", seq=None, note=""):
    place = [" ".join(name)] if name else []
    place += [f"entry {seq}"] if seq is not None else []
    place += [note] if note else []
    return f"{code}: {', '.join(place)}" if place else code


def verify_book(key, record, trail, checkpointed):
    """The findings about a record, as lines; and what was erased from it, as lines."""
    name = name_of(key)
    if record is None:
        return [report("trail-without-record", name)], []
    try:
        personal, erased = verify_personal(trail)
        found = verify_chain(key, record, trail, checkpointed) + personal
    except (ValueError, RecursionError):
        return [report("entry-malformed", name, None, "nested too deeply, or with a number beyond JSON's")], []
    findings = [report(each["code"], name, each.get("seq"), each.get("note", "")) for each in found]
    return findings, [report("erased", name, None, f"{kind} up to entry {through}") for kind, through in erased.items()]


def in_order(lines):
    """By participant, kind and id, each compared by bytes."""
    return [tuple(part.encode("utf-8", "surrogatepass") for part in line[:3]) for line in lines]


def heads_of(lines, checkpoint):
    """The heads by record that a manifest, or a proof's line, has; with what is wrong with it."""
    read = [read_line(line) for line in lines]
    wrong = [report("manifest-differs", "", None, f"line {i} is not a manifest's") for i, each in enumerate(read, 1) if each is None]
    if wrong:
        return {}, wrong[:1]
    order = in_order(read)
    if any(one >= other for one, other in zip(order, order[1:])):
        return {}, [report("manifest-differs", "", None, "its lines are not in order")]
    if len(lines) != checkpoint["count"] or tree_hash(lines) != checkpoint["root"]:
        return {}, [report("manifest-differs", "", None, "it is not the checkpoint's: the root or the number of records differs")]
    return {tuple(each[:3]): {"version": each[3], "head": each[4]} for each in read}, []


def read_checkpoint(text):
    """The checkpoint in its canonical text, or in {text, signature}; the signature is for another program to check."""
    value = parse(text)
    if isinstance(value.get("text"), str):
        value = parse(value["text"])
    if value.get("format") != CHECKPOINT or not _is_whole(value.get("count")) or not HASH.fullmatch(str(value.get("root"))):
        raise ValueError(f"not a checkpoint of {CHECKPOINT}")
    return value


def read(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read()


def lines_of(path):
    return [line for line in read(path).split("\n") if line]


def against(args):
    """What the records are compared with, and the findings so far."""
    if args.checkpoint is None:
        return {}, []
    checkpoint = read_checkpoint(read(args.checkpoint))
    if args.proof is None:
        return heads_of(lines_of(args.manifest), checkpoint)
    proof = parse(read(args.proof))
    head = read_line(proof["line"])
    if head is None or not isinstance(proof["path"], list) or not is_included(proof, checkpoint):
        return {}, [report("not-included", "", None, "the proof does not lead to the checkpoint's root")]
    return {tuple(head[:3]): {"version": head[3], "head": head[4]}}, []


def verify(args):
    heads, findings = against(args)
    notes, there, entries = [], set(), 0
    for number, line in enumerate(lines_of(args.export), 1):
        book = read_book(line)
        if book is None:
            findings.append(report("record-malformed", "", None, f"line {number}"))
            continue
        key, record, trail = book
        name = name_of(key)
        if name in there:
            findings.append(report("record-duplicated", name))
        there.add(name)
        entries += len(trail)
        found, erased = verify_book(key, record, trail, heads.get(name))
        findings += found
        notes += erased
    findings += [report("record-missing", name) for name in sorted(set(heads) - there)]
    for line in findings + notes:
        print(line)
    print(f"{len(there)} records, {entries} entries, {len(heads)} compared with the checkpoint: {len(findings)} findings")
    # An export of nothing proves nothing.
    return 1 if findings else 0 if there else 2


def main():
    parser = argparse.ArgumentParser(description="Verifies exported trails, and a checkpoint of them.")
    parser.add_argument("export", help="a record with its trail on each line, as JSON")
    parser.add_argument("--checkpoint", help="the text of a checkpoint, or {text, signature}; the signature is not verified")
    parser.add_argument("--manifest", help="the manifest of the checkpoint: all of its records must be in the export")
    parser.add_argument("--proof", help="in place of the manifest: an inclusion proof of one record, as JSON")
    args = parser.parse_args()
    if (args.checkpoint is None) != (args.manifest is None and args.proof is None) or (args.manifest and args.proof):
        parser.error("--checkpoint needs either --manifest or --proof, and each of them needs --checkpoint")
    try:
        return verify(args)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"cannot be verified: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
