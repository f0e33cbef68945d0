"""Passwords: the slide "Set up password", and the readings PW-05, PW-06, PW-10 and PW-16."""

import unicodedata

from .form import DAY, group, vector

SHORT, LONG, NUMBER, LOWER, SPECIAL, CAPITAL, BROKEN = (
    "too-short",
    "too-long",
    "no-number",
    "no-lower-case-letter",
    "no-special-character",
    "no-capital-letter",
    "not-well-formed",
)

# In which form the characters of a password are counted (PW-05, PW-06): its NFC form.
COUNTED_FORM = "as typed"

# text, unmet rules, rule, case, flags
TEXTS = [
    ("Abcdefghijkl12!@", [], "PW-01", "16 characters", "boundary"),
    ("Abcdefghijkl12!", [SHORT], "PW-01", "15 characters", "boundary"),
    ("Aa1!" + "x" * 124, [], "PW-06", "128 characters", "boundary interpretation"),
    ("Aa1!" + "x" * 125, [LONG], "PW-06", "129 characters", "boundary interpretation"),
    ("Abcdefghijklmn!@", [NUMBER], "PW-02", "no number", ""),
    ("ABCDEFGHIJKL12!@", [LOWER], "PW-02", "no lower-case letter", ""),
    ("abcdefghijkl12!@", [CAPITAL], "PW-02", "no capital letter", ""),
    ("Abcdefghijkl1234", [SPECIAL], "PW-03", "no special character", ""),
    ("", [SHORT, NUMBER, LOWER, SPECIAL, CAPITAL], "PW-05", "everything unmet is reported at once", "edge interpretation"),
    ("short", [SHORT, NUMBER, SPECIAL, CAPITAL], "PW-05", "four unmet, in the order of the screen", "interpretation"),
    ("x" * 129, [LONG, NUMBER, SPECIAL, CAPITAL], "PW-05", "too long, and three unmet", "boundary interpretation"),
    *[
        (f"Abcdefghijklm12{mark}", [], "PW-03", f"{mark} is a special character", "boundary")
        for mark in "!@#%&*()"
    ],
    *[
        (f"Abcdefghijklm12{mark}", [SPECIAL], "PW-07", f"{mark} is allowed, and no special character", "boundary interpretation")
        for mark in "$^-_+=.,;:?/<>[]{}|~`'\"\\"
    ],
    ("Abcdefghijkl 12!", [], "PW-05", "a blank is a character", "edge interpretation"),
    (" Abcdefghijk12! ", [], "PW-05", "nothing is trimmed: the blanks at the ends make it 16", "boundary interpretation"),
    ("Abcdefghijkl１２!@", [NUMBER], "PW-05", "full-width digits are no numbers", "unicode interpretation"),
    ("Abcdefghijkl١٢!@", [NUMBER], "PW-05", "Arabic digits are no numbers", "unicode interpretation"),
    ("ÀBCDEFGHIJKL12!é", [LOWER], "PW-05", "é is no lower-case letter", "unicode interpretation"),
    ("Àbcdefghijkl12!@", [CAPITAL], "PW-05", "À is no capital letter", "unicode interpretation"),
    ("Abcdefghijkl12！＠", [SPECIAL], "PW-05", "a full-width exclamation mark is no special character", "unicode interpretation"),
    ("Aa1!" + "密" * 12, [], "PW-05", "12 ideographs and 4 others", "unicode boundary interpretation"),
    ("Aa1!" + "密" * 11, [SHORT], "PW-05", "11 ideographs and 4 others", "unicode boundary interpretation"),
    ("Aa1!" + "😀" * 12, [], "PW-05", "code points are counted: 12 emoji and 4 others", "unicode boundary interpretation"),
    ("Aa1!" + "😀" * 11, [SHORT], "PW-05", "11 emoji are 11, and not 22", "unicode boundary interpretation"),
    ("Aa1!" + "😀" * 124, [], "PW-06", "124 emoji and 4 others are 128", "unicode boundary interpretation"),
    ("Aa1!" + "😀" * 125, [LONG], "PW-06", "125 emoji and 4 others are 129", "unicode boundary interpretation"),
    ("Aa1!" + "é" * 12, [], "PW-05", "12 composed letters", "unicode boundary interpretation"),
    ("Aa1!\x00" + "x" * 11, [], "PW-05", "a control character is a character", "edge interpretation"),
]

# What depends on COUNTED_FORM: é as one code point, or as e and an accent.
DECOMPOSED = [
    ("Aa1!" + "e\u0301" * 12, [], "PW-05", "12 decomposed letters are 12", "unicode boundary interpretation"),
    ("Aa1!" + "e\u0301" * 6, [SHORT], "PW-05", "6 decomposed letters are 6, and not 12", "unicode boundary interpretation"),
    ("Aa1!" + "e\u0301" * 124, [], "PW-06", "124 decomposed letters and 4 others are 128", "unicode boundary interpretation"),
    ("Aa1!" + "e\u0301" * 125, [LONG], "PW-06", "125 decomposed letters and 4 others are 129", "unicode boundary interpretation"),
]

# UTF-16 code units, for texts that JSON should not carry.
UNITS = [
    ("Abcdefghijkl12!", "d800", [BROKEN], "a lone high surrogate"),
    ("Abcdefghijkl12!", "dc00", [BROKEN], "a lone low surrogate"),
    ("Abcdefghijkl1!", "dc00d800", [BROKEN], "a pair in the wrong order"),
    ("Abcdefghijkl12!", "d83dde00", [], "a pair"),
    ("Abcdefghijkl1!", "d800", [SHORT, BROKEN], "a lone surrogate counts as one: 15"),
]

# policy, text, unmet, rule, case
POLICIES = [
    ({"minimumLength": 20}, "Abcdefghijklmnop12!@", [], "PW-01", "at least 20: 20 characters"),
    ({"minimumLength": 20}, "Abcdefghijklmno12!@", [SHORT], "PW-01", "at least 20: 19 characters"),
    ({"maximumLength": 64}, "Aa1!" + "x" * 60, [], "PW-06", "at most 64: 64 characters"),
    ({"maximumLength": 64}, "Aa1!" + "x" * 61, [LONG], "PW-06", "at most 64: 65 characters"),
    ({"specialCharacters": "!@#$%^&*()"}, "Abcdefghijklm12$", [], "PW-07", "with $ and ^: a dollar"),
    ({"specialCharacters": "$^"}, "Abcdefghijklm12!", [SPECIAL], "PW-07", "only $ and ^: an exclamation mark"),
]


def composition_group():
    def expected(text, unmet):
        return {"unmet": unmet, **({"hashed": unicodedata.normalize("NFC", text)} if not unmet else {})}

    vectors = [vector(rule, case, {"password": text}, expected(text, unmet), flags) for text, unmet, rule, case, flags in TEXTS]
    if COUNTED_FORM == "NFC":
        vectors += [vector(rule, case, {"password": text}, expected(text, unmet), flags) for text, unmet, rule, case, flags in DECOMPOSED]
    for plain, units, unmet, case in UNITS:
        utf16 = "".join(f"{ord(each):04x}" for each in plain) + units
        text = bytes.fromhex(utf16).decode("utf-16-be", "surrogatepass")
        vectors.append(vector("PW-16", case, {"utf16": utf16}, expected(text, unmet), "unicode interpretation boundary"))
    for policy, text, unmet, rule, case in POLICIES:
        vectors.append(vector(rule, case, {"password": text, "policy": policy}, expected(text, unmet), "boundary interpretation"))
    return group(
        "password-composition",
        "The composition rules that a new password does not meet, in the order of the screen. `hashed`: the form in which an accepted one is hashed (NFC). `utf16`: the password as UTF-16 code units, four hexadecimal digits each.",
        vectors,
    )


SET_AT = 1_686_000_000_000  # 2023-06-05T21:20:00Z

# milliseconds since it was set, days left (None: expired), rule, case, flags
AGES = [
    (0, 90, "PW-09", "at once", "boundary"),
    (1, 90, "PW-10", "a millisecond later", "boundary interpretation"),
    (DAY - 1, 90, "PW-10", "a millisecond before the first day is over", "boundary interpretation"),
    (DAY, 89, "PW-10", "after one day", "boundary interpretation"),
    (87 * DAY + DAY // 2, 3, "PW-10", "two and a half days before its end", "interpretation"),
    (89 * DAY, 1, "PW-10", "the last day begins", "boundary interpretation"),
    (90 * DAY - 1, 1, "PW-10", "the last millisecond", "boundary interpretation"),
    (90 * DAY, None, "PW-10", "after 90 times 24 hours", "boundary interpretation"),
    (90 * DAY + 1, None, "PW-10", "a millisecond after that", "boundary interpretation"),
    (3650 * DAY, None, "PW-09", "after ten years", "edge"),
]


def expiry_group():
    vectors = []

    def add(policy_days, age, left, rule, case, flags):
        end = SET_AT + policy_days * DAY
        given = {"setAt": SET_AT, "now": SET_AT + age, **({} if policy_days == 90 else {"policy": {"maximumAgeDays": policy_days}})}
        expected = {"status": "expired", "expiredAt": end} if left is None else {"status": "valid", "expiresAt": end, "daysLeft": left}
        vectors.append(vector(rule, case, given, expected, flags))

    for age, left, rule, case, flags in AGES:
        add(90, age, left, rule, case, flags)
    add(30, 30 * DAY - 1, 1, "PW-09", "at most 30 days: the last millisecond", "boundary interpretation")
    add(30, 30 * DAY, None, "PW-09", "at most 30 days: over", "boundary interpretation")
    return group("password-expiry", "Whether a password is still good. Instants are milliseconds since 1970-01-01T00:00:00Z.", vectors)


GROUPS = (composition_group, expiry_group)
