"""Maker and checker: quota (QTA-01 to QTA-04), DMS requests and Authorisation Codes (DMS-01 to DMS-05), eServices (ESV-01 to ESV-16)."""

from .form import DAY, MINUTE, SECOND, group, vector

DA, USER = "DelegatedAdministrator", "User"
START = 1_686_000_000_000


def steps_of(text):
    """`what is done > what comes of it`, a line each."""
    return [[part.strip() for part in line.split(" > ")] for line in text.strip().splitlines()]


def totals(maximum, total, administrators):
    users = total - administrators
    available = max(0, (maximum or 0) - total)
    return {**({} if maximum is None else {"maximum": maximum}), "total": total, "administrators": administrators, "users": users, "available": available}


def quota_group():
    def das(count):
        return [{"do": "create", "userId": f"B01234X{i}", "role": DA} for i in range(1, count + 1)]

    def users(count, start=0):
        return [{"do": "create", "userId": f"B01234{i:02d}", "role": USER} for i in range(start, start + count)]

    def refused(step, reason, rule):
        return {**step, "_refused": (reason, rule)}

    maximum = {"do": "set-maximum", "maximum": 20}
    delete = {"do": "delete", "userId": "B0123400"}
    again = {"do": "create", "userId": "B0123400", "role": USER}
    rows = [
        ("the slide's example: 20, 16, 6, 10", "QTA-01", [maximum, *das(6), *users(10)], (20, 16, 6), ""),
        ("the last account", "QTA-03", [maximum, *das(6), *users(14)], (20, 20, 6), "boundary interpretation"),
        ("one more", "QTA-03", [maximum, *das(6), *users(14), refused(users(1, 14)[0], "quota-exceeded", "QTA-03")], (20, 20, 6), "boundary interpretation"),
        ("a deleted account makes room", "QTA-02", [maximum, *das(6), *users(14), delete, *users(1, 14)], (20, 20, 6), "interpretation"),
        ("a deleted account's ID is not given again", "ID-12", [maximum, *users(2), delete, refused(again, "user-id-taken", "ID-12")], (20, 1, 0), "interpretation"),
        ("an ID is given once", "ID-12", [maximum, again, refused(again, "user-id-taken", "ID-12")], (20, 1, 0), "interpretation"),
        ("without a maximum nothing is created", "QTA-04", [refused(again, "quota-exceeded", "QTA-03")], (None, 0, 0), "boundary interpretation"),
        ("what was there before is imported without a maximum", "QTA-04", [{"do": "import", "userId": "B0123400", "role": USER}], (None, 1, 0), "interpretation"),
        ("imports may pass the maximum", "QTA-04", [{"do": "set-maximum", "maximum": 1}, *[{**each, "do": "import"} for each in users(3)]], (1, 3, 0), "interpretation"),
        ("bought accounts raise the maximum", "ESV-14", [maximum, {"do": "buy", "count": 5}], (25, 0, 0), ""),
        ("bought accounts come on top of what is there", "ESV-14", [*[{**each, "do": "import"} for each in users(3)], {"do": "buy", "count": 5}], (8, 3, 0), "interpretation"),
        ("a lower maximum takes no account away", "QTA-02", [maximum, *users(3), {"do": "set-maximum", "maximum": 2}], (2, 3, 0), "interpretation"),
        ("an account is deleted once", "QTA-02", [maximum, again, delete, refused(delete, "no-such-account", "QTA-02")], (20, 0, 0), "edge"),
    ]
    vectors = []
    for case, rule, steps, (most, total, administrators), flags in rows:
        given = [{key: value for key, value in step.items() if key != "_refused"} for step in steps]
        refusals = [({"step": i, "reason": step["_refused"][0], "rule": step["_refused"][1]}) for i, step in enumerate(steps) if "_refused" in step]
        vectors.append(vector(rule, case, {"steps": given}, {"refused": refusals, "totals": totals(most, total, administrators)}, flags))
    return group("quota", "The accounts of one participant. `refused` names the steps, from 0, that are refused; `totals` are those after the last step.", vectors)


# DMS: M is the maker, C the checker, both Delegated Administrators. A time in seconds stands before what is done.
VALID = 86_400
REQUESTS = [
    ("entered and confirmed", "DMS-01", "", "0 enter M > Pending\n1 confirm C > Confirmed"),
    ("confirmed in its last millisecond", "DMS-05", "boundary interpretation", f"0 enter M > Pending\n{VALID - 0.001} confirm C > Confirmed"),
    ("expired after 24 hours", "DMS-05", "boundary interpretation", f"0 enter M > Pending\n{VALID} confirm C > Expired\n{VALID + 1} confirm C > refused request-closed"),
    ("the maker as checker", "DMS-02", "interpretation", "0 enter M > Pending\n1 confirm M > refused maker-as-checker\n2 confirm C > Confirmed"),
    ("another entry than the approved one", "DMS-05", "interpretation", "0 enter M > Pending\n1 confirm C other-entry > refused entry-changed\n2 confirm C > Confirmed"),
    ("the profile has changed", "DMS-05", "interpretation", "0 enter M > Pending\n1 confirm C other-profile > Stale\n2 confirm C > refused request-closed"),
    ("amended and confirmed", "DMS-05", "interpretation", "0 enter M > Pending\n1 amend M > Pending\n2 confirm C > Confirmed"),
    ("amended by another than the maker", "DMS-01", "", "0 enter M > Pending\n1 amend C > refused not-the-maker"),
    ("an amendment begins the time again", "DMS-05", "boundary interpretation", f"0 enter M > Pending\n10 amend M > Pending\n{VALID + 9.999} confirm C > Confirmed"),
    ("an amendment's time is over", "DMS-05", "boundary interpretation", f"0 enter M > Pending\n10 amend M > Pending\n{VALID + 10} confirm C > Expired"),
    ("withdrawn by its maker", "DMS-01", "", "0 enter M > Pending\n1 withdraw M > Withdrawn\n2 confirm C > refused request-closed"),
    ("withdrawn by another", "DMS-01", "", "0 enter M > Pending\n1 withdraw C > refused not-the-maker\n2 confirm C > Confirmed"),
    ("rejected by its checker", "DMS-01", "", "0 enter M > Pending\n1 reject C > Rejected\n2 confirm C > refused request-closed"),
    ("rejected by its maker", "DMS-02", "interpretation", "0 enter M > Pending\n1 reject M > refused maker-as-checker"),
    ("confirmed twice", "DMS-05", "interpretation", "0 enter M > Pending\n1 confirm C > Confirmed\n2 confirm C > refused request-closed"),
    ("nothing was entered", "DMS-01", "edge", "0 confirm C > refused no-such-request"),
    ("entered twice", "DMS-01", "edge", "0 enter M > Pending\n1 enter M > refused request-exists"),
]


def request_group():
    users = {"M": "B01234X1", "C": "B01234X2"}
    vectors = []
    for case, rule, flags, text in REQUESTS:
        steps, outcomes = [], []
        for left, right in steps_of(text):
            seconds, what, who, *but = left.split()
            steps.append({"after": round(float(seconds) * SECOND), "do": what, "by": users[who], **({"but": but[0]} if but else {})})
            outcomes.append({"refused": right.split()[1]} if right.startswith("refused") else {"status": right})
        vectors.append(vector(rule, case, {"enteredAt": START, "steps": steps}, {"outcomes": outcomes}, flags))
    return group(
        "dms-request",
        "A request between its maker (B01234X1) and a checker (B01234X2). `after`: milliseconds since `enteredAt`. `but`: what differs from what the maker entered or saw last. An outcome is the request's status, or why the step is refused.",
        vectors,
    )


# A checker's codes. Requests are A and B; a code is issued for one of them.
CODES = [
    ("issued and used", "DMS-04", "", "0 issue A > issued\n1 use A right > used"),
    ("used in its last millisecond", "DMS-04", "boundary interpretation", "0 issue A > issued\n299.999 use A right > used"),
    ("five minutes later", "DMS-04", "boundary interpretation", "0 issue A > issued\n300 use A right > refused code-expired"),
    ("used twice", "DMS-04", "interpretation", "0 issue A > issued\n1 use A right > used\n2 use A right > refused no-code-issued"),
    ("used without being issued", "DMS-04", "edge", "0 use A right > refused no-code-issued"),
    ("two wrong entries, then the right one", "DMS-09", "boundary interpretation", "0 issue A > issued\n1 use A wrong > refused wrong-code\n2 use A wrong > refused wrong-code\n3 use A right > used"),
    ("three wrong confirmations revoke it", "DMS-09", "boundary interpretation", "0 issue A > issued\n1 use A wrong > refused wrong-code\n2 use A wrong > refused wrong-code\n3 use A wrong > refused wrong-code\n4 use A right > revoked"),
    ("issued again, the count of the request goes on", "DMS-09", "interpretation", "0 issue A > issued\n1 use A wrong > refused wrong-code\n2 use A wrong > refused wrong-code\n3 issue A > issued\n4 use A wrong > refused wrong-code\n5 use A right > revoked"),
    ("a code for another request", "DMS-09", "interpretation", "0 issue B > issued\n1 use A right > refused code-for-another-request\n2 use B right > used"),
    ("the checker's session has ended", "DMS-02", "interpretation", "0 issue A > issued\n1 end-session > ended\n2 use A right > revoked"),
    ("the session lapses before the code", "DMS-04", "boundary interpretation", "0 session-until 60 > set\n0 issue A > issued\n59.999 use A right > used"),
    ("the session has lapsed", "DMS-04", "boundary interpretation", "0 session-until 60 > set\n0 issue A > issued\n60 use A right > refused code-expired"),
]


def authorisation_group():
    vectors = []
    for case, rule, flags, text in CODES:
        steps, outcomes = [], []
        for left, right in steps_of(text):
            seconds, what, *rest = left.split()
            step = {"after": round(float(seconds) * SECOND), "do": what}
            if what in ("issue", "use"):
                step["request"] = rest[0]
            if what == "use":
                step["code"] = rest[1]
            if what == "session-until":
                step["until"] = int(rest[0]) * SECOND
            steps.append(step)
            outcomes.append({"refused": right.split()[1]} if right.startswith("refused") else {"outcome": right})
        vectors.append(vector(rule, case, {"issuedAt": START, "steps": steps}, {"outcomes": outcomes}, flags))
    return group(
        "authorisation-code",
        "A checker's Authorisation Codes. `after` and `until`: milliseconds since `issuedAt`; without `session-until` the checker's session lasts for 8 hours. Every use that does not succeed is a wrong confirmation of its request; the third revokes every code issued for that request. Outcomes: `issued`, `used`, `revoked`, or why it is refused.",
        vectors,
    )


# eServices. M, M2 are makers; C, C2 checkers; B is both; N has not the right; O is another participant's.
PEOPLE = {
    "M": {"id": "maker@example.com", "email": "maker@example.com", "roles": ["Maker"]},
    "M2": {"id": "maker2@example.com", "email": "maker2@example.com", "roles": ["Maker"]},
    "C": {"id": "checker@example.com", "email": "checker@example.com", "roles": ["Checker"]},
    "C2": {"id": "checker2@example.com", "email": "checker2@example.com", "roles": ["Checker"]},
    "B": {"id": "both@example.com", "email": "both@example.com", "roles": ["Maker", "Checker"]},
    "N": {"id": "norights@example.com", "email": "norights@example.com", "roles": ["Maker", "Checker"], "rights": []},
    "O": {"id": "other@example.com", "email": "other@example.com", "roles": ["Maker", "Checker"], "participant": "C05678"},
    "capitals": {"id": "MAKER@example.com", "email": "else@example.com", "roles": ["Checker"]},
    "mailbox": {"id": "else@example.com", "email": "Maker@Example.com", "roles": ["Checker"]},
    "cyrillic": {"id": "m\u0430ker@example.com", "email": "else2@example.com", "roles": ["Checker"]},
}
SENT = "M draft > Draft\nM submit > Ready\nC claim > Claimed\nC confirm > Sent"
FORMS = [
    ("a form's way to HKEX", "ESV-02", "", f"{SENT}\nhkex accept-line > Sent\nhkex complete > Completed"),
    ("HKEX refuses its line", "ESV-10", "interpretation", f"{SENT}\nhkex refuse-line > Sent\nhkex complete > Completed"),
    ("a line is outstanding", "ESV-13", "", f"{SENT}\nhkex complete > refused lines-outstanding"),
    ("edited before it is submitted", "ESV-01", "", "M draft > Draft\nM edit > Draft\nM submit > Ready\nM edit > refused wrong-status"),
    ("without the right", "ESV-01", "", "N draft > refused no-right"),
    ("a checker drafts", "ESV-01", "", "C draft > refused not-a-maker"),
    ("a maker claims", "ESV-01", "", "M draft > Draft\nM submit > Ready\nM2 claim > refused not-a-checker"),
    ("another maker edits, submits, discards", "ESV-12", "interpretation", "M draft > Draft\nM2 edit > refused not-its-maker\nM2 submit > refused not-its-maker\nM2 discard > refused not-its-maker"),
    ("its maker is no checker of it, with both roles", "ESV-12", "interpretation", "B draft > Draft\nB submit > Ready\nB claim > refused maker-as-checker\nC claim > Claimed"),
    ("the maker's user name in capitals", "ESV-15", "interpretation", "M draft > Draft\nM submit > Ready\ncapitals claim > refused maker-as-checker"),
    ("another user name with the maker's mailbox", "ESV-15", "interpretation", "M draft > Draft\nM submit > Ready\nmailbox claim > refused maker-as-checker"),
    ("a user name that looks like the maker's", "ESV-12", "unicode interpretation", "M draft > Draft\nM submit > Ready\ncyrillic claim > refused unreadable-actor"),
    ("another participant's person", "ESV-06", "interpretation", "M draft > Draft\nO edit > refused other-participant\nM submit > Ready\nO claim > refused other-participant"),
    ("reclaimed before it is claimed", "ESV-11", "interpretation", "M draft > Draft\nM submit > Ready\nM reclaim > Draft\nM submit > Ready"),
    ("reclaimed after it is claimed", "ESV-11", "interpretation", "M draft > Draft\nM submit > Ready\nC claim > Claimed\nM reclaim > refused already-claimed"),
    ("reclaimed by another maker", "ESV-12", "interpretation", "M draft > Draft\nM submit > Ready\nM2 reclaim > refused not-its-maker"),
    ("reclaimed by its checker before a line is processed", "ESV-16", "interpretation", f"{SENT}\nC reclaim > Claimed"),
    ("reclaimed by its checker after a line was processed", "ESV-16", "boundary interpretation", f"{SENT}\nhkex accept-line > Sent\nC reclaim > refused already-processed"),
    ("reclaimed by its checker after it was completed", "ESV-16", "boundary interpretation", f"{SENT}\nhkex accept-line > Sent\nhkex complete > Completed\nC reclaim > refused already-processed\nM reclaim > refused wrong-status"),
    ("reclaimed by its maker after it was sent", "ESV-16", "interpretation", f"{SENT}\nM reclaim > refused not-a-checker"),
    ("claimed twice", "ESV-11", "interpretation", "M draft > Draft\nM submit > Ready\nC claim > Claimed\nC claim > refused already-claimed"),
    ("released and claimed by another", "ESV-11", "interpretation", "M draft > Draft\nM submit > Ready\nC claim > Claimed\nC release > Ready\nC2 claim > Claimed\nC confirm > refused not-the-claimant\nC2 confirm > Sent"),
    ("released by another checker", "ESV-11", "interpretation", "M draft > Draft\nM submit > Ready\nC claim > Claimed\nC2 release > refused not-the-claimant"),
    ("handed back with a remark", "ESV-11", "interpretation", "M draft > Draft\nM submit > Ready\nC claim > Claimed\nC revert > Draft\nM submit > Ready"),
    ("handed back without a remark", "ESV-11", "interpretation edge", "M draft > Draft\nM submit > Ready\nC claim > Claimed\nC revert-blank > refused no-remark"),
    ("referred to another checker", "ESV-11", "interpretation", "M draft > Draft\nM submit > Ready\nC claim > Claimed\nC refer-to-C2 > Claimed\nC confirm > refused not-the-claimant\nC2 confirm > Sent"),
    ("referred to a person with both roles", "ESV-11", "interpretation", "M draft > Draft\nM submit > Ready\nC claim > Claimed\nC refer-to-B > Claimed\nB confirm > Sent"),
    ("referred to a maker", "ESV-01", "interpretation", "M draft > Draft\nM submit > Ready\nC claim > Claimed\nC refer-to-M2 > refused unfit-checker"),
    ("referred to the form's own maker", "ESV-12", "interpretation", "B draft > Draft\nB submit > Ready\nC claim > Claimed\nC refer-to-B > refused maker-as-checker"),
    ("referred to oneself", "ESV-11", "interpretation edge", "M draft > Draft\nM submit > Ready\nC claim > Claimed\nC refer-to-C > refused referred-to-oneself"),
    ("confirmed without a claim", "ESV-02", "", "M draft > Draft\nM submit > Ready\nC confirm > refused wrong-status"),
    ("discarded", "ESV-11", "interpretation", "M draft > Draft\nM discard > Discarded\nM edit > refused wrong-status\nM submit > refused wrong-status"),
    ("discarded after it was submitted", "ESV-11", "interpretation", "M draft > Draft\nM submit > Ready\nM discard > refused wrong-status"),
    ("no such form", "ESV-02", "edge", "M submit > refused no-such-form"),
    ("drafted twice", "ESV-02", "edge", "M draft > Draft\nM draft > refused form-exists"),
]


def workflow_group():
    people = {name: {"name": name, "participant": "B01234", "rights": ["EU_UserMaintenance"], **each} for name, each in PEOPLE.items()}
    status = {"Ready": "Ready to Send to HKEX", "Claimed": "Ready to Send to HKEX", "Sent": "Sent to HKEX"}
    vectors = []
    for case, rule, flags, text in FORMS:
        steps, outcomes = [], []
        claimant = None
        for left, right in steps_of(text):
            who, what = left.split()
            step = {"by": who, "do": what}
            if what.startswith("refer-to-"):
                step = {"by": who, "do": "refer", "to": what.removeprefix("refer-to-")}
            steps.append(step)
            if right.startswith("refused"):
                outcomes.append({"refused": right.split()[1]})
                continue
            claimant = step.get("to", who) if right == "Claimed" else None
            outcomes.append({"status": status.get(right, right), **({"claimedBy": claimant} if claimant else {})})
        vectors.append(vector(rule, case, {"steps": steps}, {"outcomes": outcomes}, flags))
    return {
        **group(
            "eservice-workflow",
            "A form DA 3 of one line (a change of email), in the parallel run, with tick and contact. `revert-blank` hands it back with blanks for a remark. An outcome is the form's status, with who has claimed it, or why the step is refused.",
            vectors,
        ),
        "people": people,
    }


BEFORE, PARALLEL = "registration", "parallel-run"
EMAIL = {"type": "change", "userId": "B01234X1", "changes": {"email": "new@example.com"}}
ADD = {"type": "add", "profile": {"surname": "Chan", "otherNames": "Tai Man", "email": "chan@example.com"}}
CONTACT = {"name": "C Cheung", "email": "c.cheung@example.com", "telephone": "+852 2522 1122"}


def _status(n, action="unlock"):
    return {"type": "status", "userId": f"B01234X{n}", "email": "da@example.com", "action": action}


def faults_group():
    rows = [
        ("a change of email before launch", "ESV-04", {"phase": BEFORE, "lines": [EMAIL]}, []),
        ("a change of email before registration", "ESV-04", {"phase": "before-registration", "lines": [EMAIL]}, ["line-not-on-form", "field-not-on-form"]),
        ("an addition before launch", "ESV-04", {"phase": BEFORE, "lines": [ADD]}, ["line-not-on-form"]),
        ("an addition from launch", "ESV-04", {"phase": PARALLEL, "lines": [ADD]}, []),
        ("an unlock before launch", "ESV-04", {"phase": BEFORE, "lines": [_status(1)]}, ["line-not-on-form"]),
        ("an unlock from launch", "ESV-04", {"phase": PARALLEL, "lines": [_status(1)]}, []),
        ("four lines of several types", "ESV-05", {"phase": PARALLEL, "lines": [_status(1), EMAIL | {"userId": "B01234X2"}, ADD, {"type": "delete", "userId": "B01234X3"}]}, []),
        ("five lines", "ESV-05", {"phase": PARALLEL, "lines": [_status(n) for n in range(1, 6)]}, ["too-many-lines"]),
        ("no line", "ESV-04", {"phase": PARALLEL, "lines": []}, ["no-lines"]),
        ("the declaration is not ticked", "ESV-07", {"phase": PARALLEL, "lines": [ADD], "declared": False}, ["declaration-not-ticked"]),
        ("no contact person", "ESV-07", {"phase": PARALLEL, "lines": [ADD], "contact": {**CONTACT, "name": ""}}, ["contact-incomplete"]),
        ("no telephone", "ESV-07", {"phase": PARALLEL, "lines": [ADD], "contact": {**CONTACT, "telephone": ""}}, ["contact-incomplete"]),
        ("another clearing house than the participant's", "ESV-06", {"phase": PARALLEL, "lines": [ADD], "clearingHouse": "HKCC"}, ["other-clearing-house"]),
        ("another participant's account", "ESV-06", {"phase": PARALLEL, "lines": [EMAIL | {"userId": "C05678X1"}]}, ["line-of-other-participant"]),
        ("a user's account", "MNT-07", {"phase": PARALLEL, "lines": [EMAIL | {"userId": "B0123401"}]}, ["not-an-administrator"]),
        ("no User ID", "ID-01", {"phase": PARALLEL, "lines": [EMAIL | {"userId": "B01234"}]}, ["malformed-user-id"]),
        ("one account named twice", "ESV-05", {"phase": PARALLEL, "lines": [EMAIL, EMAIL | {"userId": "b01234x1"}]}, ["duplicate-user-id"]),
        ("a change of nothing", "ESV-04", {"phase": PARALLEL, "lines": [EMAIL | {"changes": {}}]}, ["nothing-to-change"]),
        ("user groups before decommissioning", "MNT-10", {"phase": PARALLEL, "lines": [EMAIL | {"changes": {"userGroups": ["11"]}}]}, ["field-not-on-form"]),
        ("user groups once decommissioned", "MNT-10", {"phase": "decommissioned", "lines": [EMAIL | {"changes": {"userGroups": ["11"]}}]}, []),
        ("a surname before launch", "ESV-04", {"phase": BEFORE, "lines": [EMAIL | {"changes": {"surname": "Chan"}}]}, ["field-not-on-form"]),
        ("DA 4: one account", "ESV-14", {"form": "DA 4", "phase": PARALLEL, "lines": [{"type": "buy-accounts", "count": 1}]}, []),
        ("DA 4 before launch", "ESV-14", {"form": "DA 4", "phase": BEFORE, "lines": [{"type": "buy-accounts", "count": 1}]}, ["line-not-on-form"]),
        ("DA 4: no account", "ESV-14", {"form": "DA 4", "phase": PARALLEL, "lines": [{"type": "buy-accounts", "count": 0}]}, ["count-out-of-bounds"]),
        ("DA 4: 999 accounts", "ESV-14", {"form": "DA 4", "phase": PARALLEL, "lines": [{"type": "buy-accounts", "count": 999}]}, []),
        ("DA 4: 1,000 accounts", "ESV-14", {"form": "DA 4", "phase": PARALLEL, "lines": [{"type": "buy-accounts", "count": 1000}]}, ["count-out-of-bounds"]),
        ("SCard 1: a new Delegated Administrator before launch", "MNT-06", {"form": "SCard 1", "phase": BEFORE, "lines": [ADD]}, []),
        ("SCard 1: a new Delegated Administrator from launch", "MNT-06", {"form": "SCard 1", "phase": PARALLEL, "lines": [ADD]}, ["line-not-on-form"]),
        ("SCard 1: a forgotten smartcard password from launch", "MNT-05", {"form": "SCard 1", "phase": PARALLEL, "lines": [{"type": "reset-smartcard-password", "userId": "B01234X1"}]}, []),
    ]
    boundary = ("four lines", "five lines", "DA 4")
    vectors = []
    for case, rule, form, faults in rows:
        given = {"form": "DA 3", "participant": "B01234", "clearingHouse": "HKSCC", "declared": True, "contact": CONTACT, **form}
        vectors.append(vector(rule, case, given, {"faults": faults}, "boundary" if case.startswith(boundary) else ""))
    return group("eservice-form", "What is wrong with a form that is to be submitted, each fault once, in the order in which it is asked.", vectors)


def reference_group():
    rows = [
        ("the briefing's example", "DA 3", 13361, "DA3_00013361", ""),
        ("DA 4", "DA 4", 1, "DA4_00000001", ""),
        ("SCard 1", "SCard 1", 7, "SCard1_00000007", "interpretation"),
        ("the lowest", "DA 3", 0, "DA3_00000000", "boundary"),
        ("the highest", "DA 3", 99_999_999, "DA3_99999999", "boundary"),
        ("one more", "DA 3", 100_000_000, None, "boundary"),
        ("below zero", "DA 3", -1, None, "boundary"),
    ]
    vectors = [vector("ESV-03", case, {"form": form, "number": number}, {"reference": text}, flags) for case, form, number, text, flags in rows]
    return group("eservice-reference", "The reference number of a form; `null` where there is none of that number.", vectors)


def rate_group():
    """Uses of a limit of three in 60 seconds (OTP-07, LOCK-10): a period begins with its first use."""
    rows = [
        ("three uses, and no fourth", [0, 1, 2, 3], [True, True, True, False]),
        ("the last millisecond of the period", [0, 1, 2, MINUTE - 1], [True, True, True, False]),
        ("the period is over", [0, 1, 2, MINUTE], [True, True, True, True]),
        ("a new period begins with its own first use", [0, 1, 2, MINUTE, MINUTE + 1, MINUTE + 2, MINUTE + 3], [True] * 6 + [False]),
        ("a period does not slide", [0, MINUTE - 2, MINUTE - 1, MINUTE, MINUTE + 1], [True] * 5),
        ("much later", [0, 1, 2, DAY], [True] * 4),
    ]
    vectors = [vector("LOCK-10", case, {"max": 3, "perSeconds": 60, "at": uses}, {"allowed": allowed}, "boundary interpretation") for case, uses, allowed in rows]
    return group("rate-window", "A limit on uses within a period. `at`: milliseconds; a use that is not allowed is none.", vectors)


GROUPS = (quota_group, request_group, authorisation_group, workflow_group, faults_group, reference_group, rate_group)
