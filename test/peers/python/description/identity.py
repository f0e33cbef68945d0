"""User IDs: the slide "Implementation Approach" and the readings ID-01 to ID-12."""

from .form import group, vector

DA, USER = "DelegatedAdministrator", "User"

# text, role, participant ID, types, group digit, suffix, participant key, rule, case, flags
READ = [
    ("B01234X1", DA, "B01234", ["HKSCC"], None, "X1", "B01234", "ID-02", "the slide's DA of HKSCC", ""),
    ("B0123401", USER, "B01234", ["HKSCC"], None, "01", "B01234", "ID-02", "the slide's user of HKSCC", ""),
    ("BNK999X1", DA, "BNK999", ["DB"], None, "X1", "BNK999", "ID-03", "the slide's DA of a Designated Bank", ""),
    ("BNK99901", USER, "BNK999", ["DB"], None, "01", "BNK999", "ID-03", "the slide's user of a Designated Bank", ""),
    ("HKABC1X1", DA, "ABC", ["HKCC", "SEOCH"], "1", "X1", "HKABC", "ID-04", "the slide's DA of HKCC", ""),
    ("HKABC101", USER, "ABC", ["HKCC", "SEOCH"], "1", "01", "HKABC", "ID-04", "the slide's user of HKCC", ""),
    ("HKABC2X1", DA, "ABC", ["HKCC", "SEOCH"], "2", "X1", "HKABC", "ID-06", "the slide's example of a DA of SEOCH", "interpretation"),
    ("HKABC201", USER, "ABC", ["HKCC", "SEOCH"], "2", "01", "HKABC", "ID-05", "the slide's user of SEOCH", ""),
    ("b01234x1", DA, "B01234", ["HKSCC"], None, "X1", "B01234", "ID-08", "lower case is made canonical", "interpretation"),
    ("hkAbC1x9", DA, "ABC", ["HKCC", "SEOCH"], "1", "X9", "HKABC", "ID-08", "mixed case is made canonical", "interpretation"),
    ("A00000X1", DA, "A00000", ["HKSCC"], None, "X1", "A00000", "ID-07", "the lowest participant of HKSCC", "boundary"),
    ("Z99999Z9", DA, "Z99999", ["HKSCC"], None, "Z9", "Z99999", "ID-07", "the highest participant and DA of HKSCC", "boundary"),
    ("B01234W1", USER, "B01234", ["HKSCC"], None, "W1", "B01234", "ID-02", "W is before the DAs' letters", "boundary"),
    ("B01234Y1", DA, "B01234", ["HKSCC"], None, "Y1", "B01234", "ID-02", "Y is one of the DAs' letters", ""),
    ("B01234X0", USER, "B01234", ["HKSCC"], None, "X0", "B01234", "ID-02", "the DAs' digits begin with 1", "boundary"),
    ("B01234X9", DA, "B01234", ["HKSCC"], None, "X9", "B01234", "ID-02", "the DAs' digits end with 9", "boundary"),
    ("B01234XA", USER, "B01234", ["HKSCC"], None, "XA", "B01234", "ID-02", "X and a letter is a user's suffix", "boundary"),
    ("B012341X", USER, "B01234", ["HKSCC"], None, "1X", "B01234", "ID-02", "digit before letter is a user's suffix", ""),
    ("B01234ZZ", USER, "B01234", ["HKSCC"], None, "ZZ", "B01234", "ID-02", "the highest user's suffix", "boundary"),
    ("HK0001X1", DA, "000", ["HKCC", "SEOCH"], "1", "X1", "HK000", "ID-07", "a participant of three digits", ""),
    ("HKABC4X1", DA, "ABC", ["HKCC", "SEOCH"], "4", "X1", "HKABC", "ID-04", "the highest group digit", "boundary"),
    ("BNK000Z9", DA, "BNK000", ["DB"], None, "Z9", "BNK000", "ID-03", "the lowest Designated Bank", "boundary"),
    ("HK012301", USER, "012", ["HKCC", "SEOCH"], "3", "01", "HK012", "ID-07", "digits after HK are the participant and the group", "edge"),
    ("HKXYZ1A1", USER, "XYZ", ["HKCC", "SEOCH"], "1", "A1", "HKXYZ", "ID-07", "a participant of the DAs' letters", "edge"),
]

# The other order of SEOCH's DA, as the slide's text has it.
READ_AS_WRITTEN = [
    ("HKABCX21", DA, "ABC", ["SEOCH"], "2", "X1", "HKABC", "ID-06", "as written, the letter stands before the group", "interpretation"),
    ("HKABC2X1", DA, "ABC", ["HKCC"], "2", "X1", "HKABC", "ID-06", "as written, the example's shape is HKCC's alone", "interpretation"),
    ("HKABC201", USER, "ABC", ["HKCC", "SEOCH"], "2", "01", "HKABC", "ID-05", "as written, users are as before", "interpretation"),
    ("HKABCX41", DA, "ABC", ["SEOCH"], "4", "X1", "HKABC", "ID-06", "as written, the highest group", "boundary interpretation"),
]

# text, rule, problem, case, flags
NOT_READ = [
    ("", "ID-01", "length", "no text at all", "edge"),
    ("B01234X", "ID-01", "length", "7 characters", "boundary"),
    ("B01234X12", "ID-01", "length", "9 characters", "boundary"),
    (" B01234X1", "ID-01", "length", "a blank before it", "edge"),
    ("B01234X1\n", "ID-01", "length", "a line break behind it", "edge"),
    ("B01234X ", "ID-08", "characters", "a blank for a character", "edge"),
    ("B01234-1", "ID-08", "characters", "punctuation", ""),
    ("Ｂ01234X1", "ID-08", "characters", "a full-width letter", "unicode"),
    ("B0123４X1", "ID-08", "characters", "a full-width digit", "unicode"),
    ("В01234X1", "ID-08", "characters", "a Cyrillic letter", "unicode"),
    ("HKABCıX1", "ID-08", "characters", "a dotless i", "unicode"),
    ("HKABſ1X1", "ID-08", "characters", "a long s, whose capital is ASCII", "unicode"),
    ("\u212a01234X1", "ID-08", "characters", "a Kelvin sign, whose small letter is ASCII", "unicode"),
    ("001234X1", "ID-07", "shape", "a participant of HKSCC begins with a letter", "boundary"),
    ("BB1234X1", "ID-07", "shape", "a participant of HKSCC has five digits", "boundary"),
    ("BNKA99X1", "ID-07", "shape", "a Designated Bank has three digits", ""),
    ("BNL999X1", "ID-07", "shape", "a Designated Bank begins with BNK", ""),
    ("HKABC0X1", "ID-07", "shape", "group 0", "boundary"),
    ("HKABC5X1", "ID-07", "shape", "group 5", "boundary"),
    ("HLABC1X1", "ID-07", "shape", "HKCC and SEOCH begin with HK", ""),
    ("HKABCX21", "ID-06", "shape", "the text's order, where the example holds", "interpretation"),
    ("HKABCX11", "ID-06", "shape", "the text's order in group 1", "interpretation"),
]
# A refusal of the text's order is one for the shape.
SHAPE_RULE = {"ID-06": "ID-07"}


def _read(row, extra=None):
    text, role, participant_id, types, digit, suffix, key, rule, case, flags = row
    expected = {
        "valid": True,
        "userId": text.upper(),
        "role": role,
        "participantId": participant_id,
        "types": types,
        **({"group": digit} if digit else {}),
        "suffix": suffix,
        "participant": key,
    }
    return vector(rule, case, {"text": text, **(extra or {})}, expected, flags)


def parse_group():
    refused = [
        vector(rule, case, {"text": text}, {"valid": False, "rule": SHAPE_RULE.get(rule, rule), "problem": problem}, flags)
        for text, rule, problem, case, flags in NOT_READ
    ]
    written = [_read(row, {"seochOrder": "as-written"}) for row in READ_AS_WRITTEN]
    return group(
        "user-id-parse",
        "Reads a User ID. Without `seochOrder` the example of the slide holds (ID-06).",
        [*map(_read, READ), *written, *refused],
    )


# type, role, participant ID, group digit, suffix, printed (or the refusal), rule, case, flags
PRINT = [
    ("HKSCC", DA, "B01234", None, "X1", "B01234X1", "ID-02", "a DA of HKSCC", ""),
    ("HKSCC", USER, "B01234", None, "01", "B0123401", "ID-02", "a user of HKSCC", ""),
    ("DB", DA, "BNK999", None, "X1", "BNK999X1", "ID-03", "a DA of a Designated Bank", ""),
    ("DB", USER, "BNK999", None, "01", "BNK99901", "ID-03", "a user of a Designated Bank", ""),
    ("HKCC", DA, "ABC", "1", "X1", "HKABC1X1", "ID-04", "a DA of HKCC", ""),
    ("HKCC", USER, "ABC", "1", "01", "HKABC101", "ID-04", "a user of HKCC", ""),
    ("SEOCH", DA, "ABC", "2", "X1", "HKABC2X1", "ID-06", "a DA of SEOCH", "interpretation"),
    ("SEOCH", USER, "ABC", "2", "01", "HKABC201", "ID-05", "a user of SEOCH", ""),
    ("HKSCC", USER, "B01234", None, "X1", ("looks-like-administrator", "ID-09"), "ID-09", "a user with the lowest suffix of a DA", "boundary interpretation"),
    ("HKSCC", USER, "B01234", None, "Z9", ("looks-like-administrator", "ID-09"), "ID-09", "a user with the highest suffix of a DA", "boundary interpretation"),
    ("HKSCC", USER, "B01234", None, "X0", "B01234X0", "ID-09", "a user with X0, which is no DA's", "boundary interpretation"),
    ("HKSCC", USER, "B01234", None, "W9", "B01234W9", "ID-09", "a user with W9, which is no DA's", "boundary interpretation"),
    ("SEOCH", USER, "ABC", "2", "Y5", ("looks-like-administrator", "ID-09"), "ID-09", "a user of SEOCH with a DA's suffix", "interpretation"),
    ("HKSCC", DA, "B01234", None, "W1", ("malformed-user-id", "ID-07"), "ID-02", "a DA with W", "boundary"),
    ("HKSCC", DA, "B01234", None, "X0", ("malformed-user-id", "ID-07"), "ID-02", "a DA with 0", "boundary"),
    ("HKSCC", DA, "B01234", "1", "X1", ("malformed-user-id", "ID-07"), "ID-07", "HKSCC has no groups", ""),
    ("HKCC", DA, "ABC", None, "X1", ("malformed-user-id", "ID-07"), "ID-07", "HKCC without a group", ""),
    ("HKCC", DA, "ABC", "5", "X1", ("malformed-user-id", "ID-07"), "ID-07", "HKCC with group 5", "boundary"),
    ("HKCC", USER, "AB", "1", "01", ("malformed-user-id", "ID-07"), "ID-07", "a participant of two characters", "boundary"),
    ("HKCC", USER, "ABCD", "1", "01", ("malformed-user-id", "ID-07"), "ID-07", "a participant of four characters", "boundary"),
    ("DB", USER, "B01234", None, "01", ("malformed-user-id", "ID-07"), "ID-07", "a participant of another type", ""),
    ("HKSCC", USER, "b01234", None, "01", ("malformed-user-id", "ID-07"), "ID-07", "parts are canonical: lower case", "interpretation"),
    ("HKSCC", USER, "B01234", None, "1", ("malformed-user-id", "ID-07"), "ID-07", "a suffix of one character", "boundary"),
    ("HKSCC", USER, "B01234", None, "001", ("malformed-user-id", "ID-07"), "ID-07", "a suffix of three characters", "boundary"),
    ("HKSCC", USER, "B0123", None, "401", ("malformed-user-id", "ID-07"), "ID-07", "a digit may not move from participant to suffix", "edge"),
]
PRINT_AS_WRITTEN = [
    ("SEOCH", DA, "ABC", "2", "X1", "HKABCX21", "ID-06", "as written: a DA of SEOCH", "interpretation"),
    ("HKCC", DA, "ABC", "2", "X1", "HKABC2X1", "ID-06", "as written: a DA of HKCC is as before", "interpretation"),
    ("SEOCH", USER, "ABC", "2", "01", "HKABC201", "ID-06", "as written: a user of SEOCH is as before", "interpretation"),
]


def _outcome(answer):
    return {"userId": answer} if isinstance(answer, str) else {"refused": answer[0], "rule": answer[1]}


def print_group():
    def one(row, extra=None):
        kind, role, participant_id, digit, suffix, answer, rule, case, flags = row
        parts = {"type": kind, "role": role, "participantId": participant_id, **({"group": digit} if digit else {}), "suffix": suffix}
        return vector(rule, case, {**parts, **(extra or {})}, _outcome(answer), flags)

    written = [one(row, {"seochOrder": "as-written"}) for row in PRINT_AS_WRITTEN]
    return group("user-id-format", "Puts a User ID together from its parts.", [*map(one, PRINT), *written])


# text, role of the account, origin, accepted (with warnings) or refused, rule, case, flags
ADMIT = [
    ("B0123401", USER, "created", [], "ID-11", "a new user", ""),
    ("B01234X1", DA, "created", [], "ID-11", "a new DA", ""),
    ("b01234x1", DA, "imported", [], "ID-08", "an existing DA in lower case", "interpretation"),
    ("B01234X1", USER, "created", ("looks-like-administrator", "ID-09"), "ID-09", "a new user may not look like a DA", "interpretation"),
    ("B01234X1", USER, "imported", ["looks-like-administrator"], "ID-09", "an existing user may, with a warning", "interpretation"),
    ("B01234X0", USER, "created", [], "ID-09", "X0 does not look like a DA", "boundary interpretation"),
    ("B0123401", DA, "created", ("malformed-user-id", "ID-07"), "ID-02", "a DA needs a DA's suffix", ""),
    ("B0123401", DA, "imported", ("malformed-user-id", "ID-07"), "ID-02", "an existing DA needs one too", ""),
    ("B012340", USER, "imported", ("malformed-user-id", "ID-01"), "ID-01", "7 characters", "boundary"),
]


def admit_group():
    def one(row):
        text, role, origin, answer, rule, case, flags = row
        given = {"text": text, "role": role, "origin": origin}
        if isinstance(answer, list):
            return vector(rule, case, given, {"userId": text.upper(), "warnings": answer}, flags)
        return vector(rule, case, given, {"refused": answer[0], "rule": answer[1]}, flags)

    return group("user-id-validate", "Whether a User ID will do for a new or an existing account of a role.", [*map(one, ADMIT)])


DIGITS_AND_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALL_SUFFIXES = [a + b for a in DIGITS_AND_LETTERS for b in DIGITS_AND_LETTERS]
DA_SUFFIXES = [a + b for a in "XYZ" for b in "123456789"]
USER_SUFFIXES = [suffix for suffix in ALL_SUFFIXES if suffix not in DA_SUFFIXES]
assert (len(ALL_SUFFIXES), len(DA_SUFFIXES), len(USER_SUFFIXES)) == (1_296, 27, 1_269)

HKSCC_USER = {"type": "HKSCC", "role": USER, "participantId": "B01234"}
HKSCC_DA = {"type": "HKSCC", "role": DA, "participantId": "B01234"}
HKCC_USER = {"type": "HKCC", "role": USER, "participantId": "ABC", "group": "1"}
SEOCH_DA = {"type": "SEOCH", "role": DA, "participantId": "ABC", "group": "2"}


def _taken(stem, suffixes):
    return [stem + suffix for suffix in suffixes]


def allocate_group():
    users, das = USER_SUFFIXES, DA_SUFFIXES
    rows = [
        ("the first user", HKSCC_USER, [], "B0123400", ""),
        ("the second user", HKSCC_USER, ["B0123400"], "B0123401", ""),
        ("the lowest gap is given first", HKSCC_USER, ["B0123400", "B0123402"], "B0123401", ""),
        ("digits come before letters", HKSCC_USER, _taken("B01234", ALL_SUFFIXES[:10]), "B012340A", "boundary"),
        ("after 0Z comes 10", HKSCC_USER, _taken("B01234", ALL_SUFFIXES[:36]), "B0123410", "boundary"),
        ("after X0 comes XA: a DA's suffixes are left out", HKSCC_USER, _taken("B01234", users[: users.index("X0") + 1]), "B01234XA", "boundary"),
        ("the last free suffix", HKSCC_USER, _taken("B01234", users[:-1]), "B01234ZZ", "boundary"),
        ("no suffix is free", HKSCC_USER, _taken("B01234", users), ("user-ids-exhausted", "ID-12"), "boundary"),
        ("another participant's IDs do no harm", HKSCC_USER, ["C01234X1", "B0999900"], "B0123400", ""),
        ("the first DA", HKSCC_DA, [], "B01234X1", ""),
        ("after X9 comes Y1", HKSCC_DA, _taken("B01234", das[:9]), "B01234Y1", "boundary"),
        ("the last DA", HKSCC_DA, _taken("B01234", das[:-1]), "B01234Z9", "boundary"),
        ("no DA's suffix is free", HKSCC_DA, _taken("B01234", das), ("user-ids-exhausted", "ID-12"), "boundary"),
        ("a group of HKCC has its own suffixes", HKCC_USER, ["HKABC200"], "HKABC100", ""),
        ("the first DA of SEOCH", SEOCH_DA, [], "HKABC2X1", "interpretation"),
    ]
    vectors = []
    for case, place, taken, answer, flags in rows:
        given = {**place, "taken": taken}
        rule = "ID-09" if "left out" in case else "ID-12"
        vectors.append(vector(rule, case, given, _outcome(answer), f"{flags} interpretation" if "interpretation" not in flags else flags))
    written = {**SEOCH_DA, "seochOrder": "as-written", "taken": _taken("HKABC", ["X21", "X22"])}
    vectors.append(vector("ID-06", "as written: the first free DA of SEOCH", written, {"userId": "HKABCX23"}, "interpretation"))
    return group("user-id-allocate", "The lowest free User ID. `taken`: every ID ever given there, deleted accounts' included.", vectors)


GROUPS = (parse_group, print_group, admit_group, allocate_group)
