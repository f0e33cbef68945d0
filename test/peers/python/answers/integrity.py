"""Canonical JSON, trails and checkpoints: what `verify_trail.py` verifies with."""

import verify_trail as v


def trail_hash(given):
    genesis = head = v.origin(given["key"])
    hashes = []
    for entry in given["entries"]:
        head = v.entry_hash(head, v.parse(entry))
        hashes.append(head)
    return {"genesis": genesis, "hashes": hashes}


def trail_verify(given):
    found = v.verify_chain(given["key"], given["record"], [v.parse(entry) for entry in given["entries"]])
    return {"findings": sorted({each["code"] for each in found})}


def personal_reference(given):
    opening = v.opening_of(given["salt"], v.parse(given["value"]))
    return {"opening": opening, "reference": {"personal": given["kind"], "digest": v.digest(opening)}}


def checkpoint(given):
    lines = [v.manifest_line(each, each["version"], each["head"]) for each in given["records"]]
    root = v.tree_hash(lines)
    return {"lines": lines, "root": root, "text": v.checkpoint_text(given["at"], len(lines), root)}


ANSWERS = {
    "canonical-json": lambda given: {"canonical": v.canonical(v.parse(given["json"]))},
    "trail-hash": trail_hash,
    "trail-verify": trail_verify,
    "personal-reference": personal_reference,
    "merkle-root": lambda given: {"root": v.tree_hash(given["leaves"])},
    "inclusion-proof": lambda given: {"included": v.is_included(given["proof"], given["checkpoint"])},
    "checkpoint": checkpoint,
}
