"""The lockout: LOCK-01 to LOCK-08 and LOCK-12."""

from .form import group, vector


def count_group():
    """Locked exactly when p + floor(o/3) reaches 5 (LOCK-04): the whole table that can be reached, and its edge."""
    vectors = []
    for passwords in range(7):
        for codes in range(17):
            failed = passwords + codes // 3
            edge = failed in (4, 5) and (codes % 3 in (0, 2) or passwords in (0, 4, 5))
            given = {"wrongPasswords": passwords, "wrongCodes": codes}
            expected = {"failedSignIns": failed, "locked": failed >= 5}
            vectors.append(vector("LOCK-04", f"{passwords} wrong passwords, {codes} wrong codes", given, expected, "boundary interpretation" if edge else "interpretation"))
    for limit, per, passwords, codes, failed in [
        (3, 3, 2, 2, 2),
        (3, 3, 2, 3, 3),
        (1, 3, 0, 2, 0),
        (1, 3, 0, 3, 1),
        (5, 1, 0, 4, 4),
        (5, 1, 0, 5, 5),
        (5, 2, 3, 3, 4),
        (5, 2, 3, 4, 5),
    ]:
        given = {"wrongPasswords": passwords, "wrongCodes": codes, "policy": {"failedSignIns": limit, "otpFailuresPerFailedSignIn": per}}
        expected = {"failedSignIns": failed, "locked": failed >= limit}
        vectors.append(vector("LOCK-02", f"{limit} sign-ins of {per} codes: {passwords} and {codes}", given, expected, "boundary"))
    return group("lockout-count", "Failed sign-ins from wrong passwords and wrong codes since the last complete sign-in or unlock, and whether they lock the account.", vectors)


# One line a step: what is done > its outcome, wrong passwords and wrong codes after it.
SEQUENCES = [
    ("five wrong passwords lock", "LOCK-01", "app", "boundary", """
        wrong-password > refused 1 0
        wrong-password > refused 2 0
        wrong-password > refused 3 0
        wrong-password > refused 4 0
        wrong-password > locked 5 0
        right-password > refused 5 0
    """),
    ("four wrong passwords do not, and a complete sign-in clears them", "LOCK-03", "app", "boundary", """
        wrong-password > refused 1 0
        wrong-password > refused 2 0
        wrong-password > refused 3 0
        wrong-password > refused 4 0
        right-password > code-asked 4 0
        right-code > signed-in 0 0
        wrong-password > refused 1 0
    """),
    ("a right password alone clears nothing", "LOCK-03", "app", "interpretation boundary", """
        wrong-password > refused 1 0
        wrong-password > refused 2 0
        wrong-password > refused 3 0
        wrong-password > refused 4 0
        right-password > code-asked 4 0
        wrong-password > locked 5 0
    """),
    ("three wrong codes are one failed sign-in and end the challenge", "LOCK-05", "app", "boundary interpretation", """
        right-password > code-asked 0 0
        wrong-code > wrong 0 1
        wrong-code > wrong 0 2
        wrong-code > challenge-ended 0 3
        right-code > no-challenge 0 3
    """),
    ("two wrong codes, then the right one, clear the count", "LOCK-03", "app", "boundary interpretation", """
        right-password > code-asked 0 0
        wrong-code > wrong 0 1
        wrong-code > wrong 0 2
        right-code > signed-in 0 0
        right-password > code-asked 0 0
        wrong-code > wrong 0 1
    """),
    ("fifteen wrong codes lock", "LOCK-04", "app", "boundary interpretation", """
        right-password > code-asked 0 0
        wrong-code > wrong 0 1
        wrong-code > wrong 0 2
        wrong-code > challenge-ended 0 3
        right-password > code-asked 0 3
        wrong-code > wrong 0 4
        wrong-code > wrong 0 5
        wrong-code > challenge-ended 0 6
        right-password > code-asked 0 6
        wrong-code > wrong 0 7
        wrong-code > wrong 0 8
        wrong-code > challenge-ended 0 9
        right-password > code-asked 0 9
        wrong-code > wrong 0 10
        wrong-code > wrong 0 11
        wrong-code > challenge-ended 0 12
        right-password > code-asked 0 12
        wrong-code > wrong 0 13
        wrong-code > wrong 0 14
        wrong-code > locked 0 15
        right-password > refused 0 15
    """),
    ("misses outlive the challenge: two in one sign-in, one in the next", "LOCK-04", "app", "boundary interpretation", """
        right-password > code-asked 0 0
        wrong-code > wrong 0 1
        wrong-code > wrong 0 2
        cancel > cancelled 0 2
        right-password > code-asked 0 2
        wrong-code > challenge-ended 0 3
    """),
    ("a wrong password between does not break the run of codes", "LOCK-04", "app", "boundary interpretation", """
        right-password > code-asked 0 0
        wrong-code > wrong 0 1
        wrong-code > wrong 0 2
        wrong-password > refused 1 2
        right-password > code-asked 1 2
        wrong-code > challenge-ended 1 3
    """),
    ("four wrong passwords and three wrong codes lock", "LOCK-04", "app", "boundary interpretation", """
        wrong-password > refused 1 0
        wrong-password > refused 2 0
        wrong-password > refused 3 0
        wrong-password > refused 4 0
        right-password > code-asked 4 0
        wrong-code > wrong 4 1
        wrong-code > wrong 4 2
        wrong-code > locked 4 3
    """),
    ("two wrong codes before, a fifth wrong password locks all the same", "LOCK-04", "app", "interpretation", """
        right-password > code-asked 0 0
        wrong-code > wrong 0 1
        wrong-code > wrong 0 2
        wrong-password > refused 1 2
        wrong-password > refused 2 2
        wrong-password > refused 3 2
        wrong-password > refused 4 2
        wrong-password > locked 5 2
    """),
    ("a replayed code is a miss", "LOCK-06", "app", "interpretation", """
        right-password > code-asked 0 0
        right-code > signed-in 0 0
        right-password > code-asked 0 0
        replayed-code > wrong 0 1
        replayed-code > wrong 0 2
        replayed-code > challenge-ended 0 3
    """),
    ("what is no code is no miss", "LOCK-06", "app", "interpretation", """
        right-password > code-asked 0 0
        malformed-code > malformed 0 0
        malformed-code > malformed 0 0
        malformed-code > malformed 0 0
        wrong-code > wrong 0 1
        right-code > signed-in 0 0
    """),
    ("three wrong emailed codes in a row are one failed sign-in and end the challenge", "LOCK-05", "email", "boundary interpretation", """
        right-password > code-asked 0 0
        wrong-code > wrong 0 1
        wrong-code > wrong 0 2
        wrong-code > challenge-ended 0 3
        right-code > no-challenge 0 3
    """),
    ("an outdated emailed code is a miss", "LOCK-06", "email", "interpretation", """
        right-password > code-asked 0 0
        outdated-code > wrong 0 1
        outdated-code > wrong 0 2
        outdated-code > challenge-ended 0 3
    """),
    ("a resend is no miss and clears nothing", "LOCK-06", "email", "interpretation", """
        right-password > code-asked 0 0
        wrong-code > wrong 0 1
        resend > sent 0 1
        wrong-code > wrong 0 2
        resend > sent 0 2
        wrong-code > challenge-ended 0 3
    """),
    ("a cancel is no miss and clears nothing", "LOCK-06", "app", "interpretation", """
        wrong-password > refused 1 0
        right-password > code-asked 1 0
        wrong-code > wrong 1 1
        cancel > cancelled 1 1
        right-code > no-challenge 1 1
    """),
    ("one count over both systems", "LOCK-08", "app", "interpretation boundary", """
        wrong-password > refused 1 0
        wrong-password dms > refused 2 0
        wrong-password > refused 3 0
        wrong-password dms > refused 4 0
        right-password > code-asked 4 0
        wrong-password dms > locked 5 0
    """),
    ("the count does not age", "LOCK-08", "app", "interpretation boundary", """
        wrong-password > refused 1 0
        wrong-password > refused 2 0
        wrong-password > refused 3 0
        wrong-password > refused 4 0
        wait-80-days > waited 4 0
        wrong-password > locked 5 0
    """),
    ("a lock does not end by itself", "LOCK-07", "app", "interpretation", """
        wrong-password > refused 1 0
        wrong-password > refused 2 0
        wrong-password > refused 3 0
        wrong-password > refused 4 0
        wrong-password > locked 5 0
        wait-80-days > waited 5 0
        right-password > refused 5 0
        wrong-password > refused 5 0
    """),
    ("a lock ends the open challenge", "LOCK-07", "app", "interpretation", """
        right-password > code-asked 0 0
        wrong-password > refused 1 0
        wrong-password > refused 2 0
        wrong-password > refused 3 0
        wrong-password > refused 4 0
        wrong-password > locked 5 0
        right-code > refused 5 0
    """),
    ("an unlock clears the count and voids the old password", "ACC-08", "app", "interpretation", """
        wrong-password > refused 1 0
        wrong-password > refused 2 0
        wrong-password > refused 3 0
        wrong-password > refused 4 0
        wrong-password > locked 5 0
        unlock > unlocked 0 0
        right-password > refused 0 0
        wrong-password > refused 0 0
    """),
    ("an unlock of an account that is not locked clears the count", "MNT-09", "email", "interpretation", """
        wrong-password > refused 1 0
        right-password > code-asked 1 0
        wrong-code > wrong 1 1
        unlock > unlocked 0 0
        right-code > no-challenge 0 0
    """),
    ("five failed sign-ins of every kind", "LOCK-04", "email", "interpretation", """
        wrong-password > refused 1 0
        right-password > code-asked 1 0
        wrong-code > wrong 1 1
        outdated-code > wrong 1 2
        wrong-code > challenge-ended 1 3
        wrong-password > refused 2 3
        wrong-password > refused 3 3
        right-password > code-asked 3 3
        wrong-code > wrong 3 4
        wrong-code > wrong 3 5
        malformed-code > malformed 3 5
        wrong-code > locked 3 6
    """),
]


def sequence_group():
    vectors = []
    for case, rule, channel, flags, text in SEQUENCES:
        steps, outcomes = [], []
        for line in text.strip().splitlines():
            left, right = line.strip().split(" > ")
            what, *system = left.split()
            outcome, passwords, codes = right.split()
            steps.append({"do": what, "system": "DMS" if system else "CCASS/CCMS"})
            outcomes.append({"outcome": outcome, "wrongPasswords": int(passwords), "wrongCodes": int(codes)})
        if any(step["system"] == "DMS" for step in steps):
            given = {"role": "DelegatedAdministrator", "channel": channel, "steps": steps}
        else:
            given = {"role": "User", "channel": channel, "steps": steps}
        vectors.append(vector(rule, case, given, {"outcomes": outcomes}, flags))
    return group(
        "lockout-sequence",
        "Sign-ins of one account whose 2FA is initialised. A Delegated Administrator has a business user group, and smartcards are decommissioned. Codes go to the newest challenge. Each outcome has the two counts after the step.",
        vectors,
    )


GROUPS = (count_group, sequence_group)
