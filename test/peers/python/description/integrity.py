"""Canonical JSON (RFC 8785), the hash chain of a trail, Merkle trees (RFC 6962) and checkpoints (AUD-02).

Texts are written out by hand where a serialiser would be the easier way: a fault of one would stand in the vectors too.
"""

import hashlib

from .form import group, vector


def sha256(data):
    return hashlib.sha256(data).digest()


def hex_of(text):
    return sha256(text.encode()).hex()


# JSON text, canonical text, case, flags
CANONICAL = [
    ("null", "null", "null", ""),
    ("true", "true", "true", ""),
    ("[]", "[]", "an empty list", "edge"),
    ("{}", "{}", "an empty object", "edge"),
    (" { \"b\" : 1 , \"a\" : [ 2 , {\"d\":3,\"c\":4} ] } ", '{"a":[2,{"c":4,"d":3}],"b":1}', "keys in order, no blanks", ""),
    ('{"10":1,"9":2,"a":3}', '{"10":1,"9":2,"a":3}', "digits are text: 10 before 9", "boundary"),
    ('{"a":1,"A":2,"_":3}', '{"A":2,"_":3,"a":1}', "capitals before small letters", ""),
    ('{"\u20ac":1,"\\r":2,"1":3,"\u0080":4,"\U0001f600":5,"\ufb33":6,"\u00f6":7}', '{"\\r":2,"1":3,"\u0080":4,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":6}', "RFC 8785, 3.2.3: keys by UTF-16 code units", "unicode"),
    ('"\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/"', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"', "RFC 8785, 3.2.2.2: strings", "unicode"),
    ('"\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f"', '"\\b\\f\\n\\r\\t\\u0000\\u001f\u007f"', "control characters", "edge"),
    ('"\\u00e9 e\\u0301"', '"\u00e9 e\u0301"', "nothing is normalised", "unicode"),
    ("[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]", "[333333333.3333333,1e+30,4.5,0.002,1e-27]", "RFC 8785, 3.2.4: numbers", ""),
    ("[0,-0,1.0,100,1e2]", "[0,0,1,100,100]", "zeros, and whole numbers", "edge"),
    ("[9007199254740991,-9007199254740991]", "[9007199254740991,-9007199254740991]", "the largest whole numbers", "boundary"),
    ("[1e20,1e21,123456789012345680000]", "[100000000000000000000,1e+21,123456789012345680000]", "before and from 1e21", "boundary"),
    ("[1e-6,1e-7,0.000001234,0.0000001234]", "[0.000001,1e-7,0.000001234,1.234e-7]", "before and from 1e-7", "boundary"),
    ("[5e-324,1.7976931348623157e308]", "[5e-324,1.7976931348623157e+308]", "the smallest and the largest number", "boundary"),
    ("[1686000000000,1]", "[1686000000000,1]", "an instant", ""),
]


def canonical_group():
    vectors = [vector("AUD-02", case, {"json": text}, {"canonical": canonical}, flags) for text, canonical, case, flags in CANONICAL]
    return group("canonical-json", "The canonical text of JSON, as RFC 8785 has it. Both are texts within JSON.", vectors)


GENESIS = 'ccass-2fa/trail/1["B01234","account","B0123401"]'
# Entries without their hashes, as canonical text.
ENTRIES = [
    '{"actor":"registry","event":{"at":1686000000000,"role":"User","rule":"ACC-01","type":"Registered","userId":"B0123401"},"eventVersion":1,"operationId":"op-1","seq":1}',
    '{"actor":"B01234X1","event":{"at":1686000001000,"changes":{"surname":"陳"},"rule":"ACC-05","type":"ProfileChanged"},"eventVersion":1,"operationId":"op-2","seq":2}',
    '{"actor":"B0123401","event":{"at":1686000002000,"rule":"LOCK-01","type":"PasswordRejected","via":"CCASS/CCMS"},"eventVersion":1,"operationId":"op-3","seq":3}',
]


# A salt and an address; the digest stands in the entry in place of the value (PRI-02).
OPENING = '["ccass-2fa/personal/1","00112233445566778899aabbccddeeff","chan@example.com"]'
REFERENCE = '{"digest":"' + hex_of(OPENING) + '","personal":"contact"}'
PERSONAL_ENTRY = '{"actor":"B01234X1","event":{"at":1686000003000,"changes":{"email":' + REFERENCE + '},"rule":"ACC-14","type":"ProfileChanged"},"eventVersion":1,"operationId":"op-4","seq":4}'


def chain(first, entries):
    head, hashes = hex_of(first), []
    for entry in entries:
        head = hex_of(head + entry)
        hashes.append(head)
    return hashes


def _entry(text, value):
    """The entry of a canonical text with its hash put in, still canonical: `hash` comes before `operationId`."""
    return text.replace(',"operationId"', f',"hash":"{value}","operationId"')


def hash_group():
    hashes = chain(GENESIS, ENTRIES)
    key = {"participant": "B01234", "kind": "account", "id": "B0123401"}
    vectors = [vector("AUD-02", "what the first entry hangs on", {"key": key, "entries": []}, {"genesis": hex_of(GENESIS), "hashes": []})]
    vectors.append(vector("AUD-02", "a chain of three entries", {"key": key, "entries": ENTRIES}, {"genesis": hex_of(GENESIS), "hashes": hashes}))
    other = GENESIS.replace("B0123401", "B0123402")
    vectors.append(vector("AUD-02", "the same entries in another record", {"key": {**key, "id": "B0123402"}, "entries": ENTRIES}, {"genesis": hex_of(other), "hashes": chain(other, ENTRIES)}, "boundary"))
    assert len({*hashes, *chain(other, ENTRIES)}) == 6
    four = ENTRIES + [PERSONAL_ENTRY]
    quoted = OPENING.replace('"', '\\"')
    beside = PERSONAL_ENTRY.replace('"seq":4', '"personal":{"contact":{"' + hex_of(OPENING) + '":"' + quoted + '"}},"seq":4')
    for case, entry in (("personal data are no part of the hash", beside), ("the hash is the same once they are erased", PERSONAL_ENTRY)):
        vectors.append(vector("PRI-02", case, {"key": key, "entries": ENTRIES + [entry]}, {"genesis": hex_of(GENESIS), "hashes": chain(GENESIS, four)}))
    return group(
        "trail-hash",
        "The hash chain of a trail. The genesis hash is SHA-256 over `ccass-2fa/trail/1` and the canonical JSON of the key as a list; the hash of an entry is SHA-256 over the hash before it, in hexadecimal, and the canonical JSON of the entry without `hash` and `personal`. Entries are JSON texts.",
        vectors,
    )


def verify_group():
    hashes = chain(GENESIS, ENTRIES)
    one, two, three = (_entry(text, value) for text, value in zip(ENTRIES, hashes))
    head = {"version": 3, "head": hashes[2]}
    changed = two.replace("ACC-05", "ACC-14")
    # Changed, with a hash that fits: the entry behind it no longer hangs on it.
    rehashed_text = ENTRIES[1].replace("ACC-05", "ACC-14")
    rehashed = _entry(rehashed_text, hex_of(hashes[0] + rehashed_text))
    rows = [
        ("a whole trail", [one, two, three], head, []),
        ("an entry changed", [one, changed, three], head, ["entry-changed"]),
        ("an entry changed, with a hash that fits", [one, rehashed, three], head, ["entry-changed"]),
        ("an entry is missing", [one, three], head, ["entry-missing"]),
        ("the first entry is missing", [two, three], head, ["entry-missing"]),
        ("the tail is cut off", [one, two], head, ["tail-truncated"]),
        ("everything is cut off", [], head, ["tail-truncated"]),
        ("two entries exchanged", [one, three, two], head, ["entry-reordered"]),
        ("an entry twice", [one, two, two, three], head, ["entry-duplicated"]),
        ("the head of another entry", [one, two, three], {"version": 3, "head": hashes[1]}, ["head-mismatch"]),
        ("a version too low", [one, two, three], {"version": 2, "head": hashes[1]}, ["trail-ahead"]),
        ("the last entry changed, and its hash with it", [one, two, three.replace(hashes[2], "0" * 64)], {"version": 3, "head": "0" * 64}, ["entry-changed"]),
        ("no entry at all", ['{"seq":1}', two, three], head, ["entry-malformed"]),
    ]
    key = {"participant": "B01234", "kind": "account", "id": "B0123401"}
    vectors = [vector("AUD-02", case, {"key": key, "record": record, "entries": entries}, {"findings": found}) for case, entries, record, found in rows]
    return group(
        "trail-verify",
        "What is found wrong with a trail: the chain's findings alone, each code once, in alphabetical order. Entries are JSON texts, in the storage's order; the record has the version and head that it claims.",
        vectors,
    )


# kind, salt, value as JSON text, case, flags
PERSONAL = [
    ("contact", "00112233445566778899aabbccddeeff", '"chan@example.com"', "an email address", ""),
    ("identity", "00112233445566778899aabbccddeeff", '"CHAN"', "a name", ""),
    ("identity", "ffeeddccbbaa99887766554433221100", '"CHAN"', "the same name with another salt", "boundary"),
    ("identity", "00112233445566778899aabbccddeeff", '"陳大文"', "a name in Chinese", "unicode"),
    ("context", "0123456789abcdef0123456789abcdef", '{"requestId":"r-1","source":"192.0.2.1","userAgent":"Terminal/1.0"}', "a request context: its keys in order", ""),
]


def personal_group():
    vectors = []
    for kind, salt, value, case, flags in PERSONAL:
        opening = '["ccass-2fa/personal/1","' + salt + '",' + value + "]"
        vectors.append(vector("PRI-02", case, {"kind": kind, "salt": salt, "value": value}, {"opening": opening, "reference": {"personal": kind, "digest": hex_of(opening)}}, flags))
    return group(
        "personal-reference",
        "What stands in an entry in place of a personal value. The opening is the canonical JSON of the format, the salt and the value, and is kept beside the entry; the digest is SHA-256 over the opening. Values are JSON texts.",
        vectors,
    )


def tree(leaves):
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + tree(leaves[:split]) + tree(leaves[split:]))


def path(index, leaves):
    """RFC 6962, 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return path(index, leaves[:split]) + [tree(leaves[split:])]
    return path(index - split, leaves[split:]) + [tree(leaves[:split])]


# Roots over the leaves "", "0", "10" … of the tests of Certificate Transparency, as published with RFC 6962's reference code.
CT_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
for _count, _root in CT_ROOTS.items():
    assert tree([bytes.fromhex(leaf) for leaf in CT_LEAVES[:_count]]).hex() == _root, _count


def line(number):
    return f'["B01234","account","B01234{number:02d}",{number + 1},"{hex_of(str(number))}"]'


def root_group():
    vectors = []
    for count in (0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17):
        lines = [line(number) for number in range(count)]
        edge = "edge" if count == 0 else "boundary"
        vectors.append(vector("AUD-02", f"{count} leaves", {"leaves": lines}, {"root": tree([each.encode() for each in lines]).hex()}, edge))
    vectors.append(vector("AUD-02", "text beyond ASCII", {"leaves": ["陳", "é"]}, {"root": tree(["陳".encode(), "é".encode()]).hex()}, "unicode"))
    return group("merkle-root", "The Merkle tree hash (RFC 6962, 2.1, SHA-256) over texts in UTF-8.", vectors)


def proof_group():
    vectors = []
    for count, index in [(1, 0), (2, 0), (2, 1), (3, 0), (3, 2), (5, 4), (7, 3), (8, 7), (9, 8), (17, 0), (17, 15), (17, 16)]:
        lines = [line(number) for number in range(count)]
        encoded = [each.encode() for each in lines]
        proof = {"line": lines[index], "index": index, "path": [each.hex() for each in path(index, encoded)]}
        checkpoint = {"root": tree(encoded).hex(), "count": count}
        vectors.append(vector("AUD-02", f"leaf {index} of {count}", {"proof": proof, "checkpoint": checkpoint}, {"included": True}, "boundary"))
    lines = [line(number) for number in range(7)]
    encoded = [each.encode() for each in lines]
    good = {"line": lines[3], "index": 3, "path": [each.hex() for each in path(3, encoded)]}
    root = {"root": tree(encoded).hex(), "count": 7}
    wrong = [
        ("another leaf", {**good, "line": lines[4]}, root),
        ("another index", {**good, "index": 2}, root),
        ("an index beyond the leaves", {**good, "index": 7}, root),
        ("an index below zero", {**good, "index": -1}, root),
        ("a path too short", {**good, "path": good["path"][:-1]}, root),
        ("a path too long", {**good, "path": [*good["path"], "0" * 64]}, root),
        ("a hash of the path changed", {**good, "path": ["0" * 64, *good["path"][1:]]}, root),
        ("a hash in capitals", {**good, "path": [each.upper() for each in good["path"]]}, root),
        ("two hashes exchanged", {**good, "path": [good["path"][1], good["path"][0], *good["path"][2:]]}, root),
        ("another number of leaves", good, {**root, "count": 3}),
        ("no leaves", good, {**root, "count": 0}),
        ("another root", good, {**root, "root": "0" * 64}),
    ]
    vectors += [vector("AUD-02", case, {"proof": proof, "checkpoint": checkpoint}, {"included": False}, "edge") for case, proof, checkpoint in wrong]
    return group("inclusion-proof", "Whether a line was in the manifest of a checkpoint (RFC 6962, 2.1.1).", vectors)


def checkpoint_group():
    vectors = []
    for count in (0, 1, 3):
        records = [{"participant": "B01234", "kind": "account", "id": f"B01234{n:02d}", "version": n + 1, "head": hex_of(str(n))} for n in range(count)]
        lines = [line(n) for n in range(count)]
        root = tree([each.encode() for each in lines]).hex()
        text = f'{{"at":1686000000000,"count":{count},"format":"ccass-2fa/checkpoint/1","root":"{root}"}}'
        vectors.append(vector("AUD-02", f"{count} records", {"at": 1_686_000_000_000, "records": records}, {"lines": lines, "root": root, "text": text}, "edge" if count == 0 else ""))
    return group("checkpoint", "The manifest's lines, the root over them, and the text of the checkpoint.", vectors)


GROUPS = (canonical_group, hash_group, personal_group, verify_group, root_group, proof_group, checkpoint_group)
