"""Which ways in are open (MIG-15): every combination of the facts, reduced to rows that do not overlap."""

from itertools import product

from .form import group, vector

FACTS = {
    "resource": ["terminal", "DMS", "ONRD", "PG"],
    "role": ["User", "DelegatedAdministrator"],
    "phase": ["before-registration", "registration", "parallel-run", "decommissioned"],
    "site": ["primary", "backup"],
    "hasBusinessGroup": [False, True],
    "createdFromLaunch": [False, True],
    "hasSmartcard": [True, False],
    "certificateExpired": [False, True],
    "initialised": [False, True],
    "enabled": [True, False],
    "locked": [False, True],
    "smartcardWhenLocked": ["closed", "open"],
    "hasEmail": [True, False],
}
NAMES = list(FACTS)


def allow(rule, reason):
    return ("allow", rule, reason)


def deny(rule, reason):
    return ("deny", rule, reason)


def entry(q):
    """Who enters where (ACC-12, ACC-13, MIG-11): users the terminal, DAs DMS. A DA with a business user group, the terminal too once cards are gone."""
    terminal = q["resource"] in ("terminal", "ONRD")
    if q["resource"] == "DMS" and q["role"] == "User":
        return deny("ACC-13", "users-do-not-enter-dms")
    if terminal and q["role"] == "DelegatedAdministrator":
        if q["phase"] != "decommissioned":
            return deny("ACC-13", "administrators-enter-dms-only")
        if not q["hasBusinessGroup"]:
            return deny("ACC-13", "administrator-without-business-group")
    return None


def smartcard(q):
    gateway = q["resource"] == "PG"
    launched = q["phase"] in ("parallel-run", "decommissioned")
    refused = entry(q)
    if refused:
        return refused
    if not gateway and q["phase"] == "decommissioned":
        return deny("MIG-12", "decommissioned")
    if q["createdFromLaunch"]:
        return deny("MIG-04", "created-from-launch")
    if not gateway and q["site"] == "backup" and q["phase"] == "parallel-run":
        return deny("MIG-09", "backup-centre")
    # Once decommissioned a profile knows no card; that there is one at the Gateway, the existing flow knows.
    if q["phase"] != "decommissioned" and not q["hasSmartcard"]:
        return deny("MIG-05", "no-smartcard")
    if q["certificateExpired"]:
        return deny("MIG-17", "certificate-expired")
    if not q["enabled"]:
        return deny("ACC-06", "not-enabled")
    if q["locked"] and q["smartcardWhenLocked"] == "closed":
        return deny("LOCK-12", "locked")
    if gateway:
        return allow("MIG-14", "gateway-keeps-smartcards") if q["phase"] == "decommissioned" else allow("MIG-10", "gateway-untouched")
    if not launched:
        return allow("MIG-03", "smartcard-until-launch")
    return allow("MIG-08", "smartcard-until-decommissioning") if q["initialised"] else allow("MIG-03", "parallel-run")


def two_factor(q):
    if q["resource"] == "PG":
        return deny("MIG-10", "gateway-takes-smartcards-only")
    refused = entry(q)
    if refused:
        return refused
    if q["phase"] in ("before-registration", "registration"):
        return deny("MIG-03", "before-launch")
    if not q["enabled"]:
        return deny("ACC-06", "not-enabled")
    if q["locked"]:
        return deny("LOCK-12", "locked")
    if not q["initialised"]:
        return deny("ACC-03", "not-initialised")
    if q["site"] == "backup":
        return allow("MIG-09", "backup-centre")
    if q["phase"] == "decommissioned":
        return allow("MIG-12", "decommissioned")
    return allow("MIG-04", "created-from-launch") if q["createdFromLaunch"] else allow("MIG-03", "parallel-run")


def set_up(q):
    if q["resource"] == "PG":
        return deny("MIG-10", "gateway-takes-smartcards-only")
    refused = entry(q)
    if refused:
        return refused
    if q["phase"] in ("before-registration", "registration"):
        return deny("MIG-07", "before-launch")
    if q["initialised"]:
        return deny("ACC-03", "already-initialised")
    if not q["enabled"]:
        return deny("ACC-06", "not-enabled")
    if q["locked"]:
        return deny("LOCK-12", "locked")
    if not q["hasEmail"]:
        return deny("ACC-02", "no-registered-email")
    return allow("MIG-07", "initialise-at-once") if q["phase"] == "parallel-run" else allow("ACC-01", "first-sign-in")


METHODS = {"smartcard": smartcard, "2fa": two_factor, "2fa-set-up": set_up}


def rows_of(answers, depth=0, fixed=()):
    """The answers of a subtree as rows; values of a fact with the same subtree share theirs, all of them leave it out."""
    if depth == len(NAMES):
        return ((fixed, answers[0]),)
    values = FACTS[NAMES[depth]]
    size = len(answers) // len(values)
    parts = [tuple(answers[i * size:(i + 1) * size]) for i in range(len(values))]
    rows = []
    for part in dict.fromkeys(parts):
        same = [value for value, each in zip(values, parts) if each == part]
        more = () if len(same) == len(values) else ((NAMES[depth], tuple(same)),)
        rows += rows_of(part, depth + 1, fixed + more)
    return tuple(rows)


def table_group():
    questions = [dict(zip(NAMES, values)) for values in product(*FACTS.values())]
    assert len(questions) == 32_768
    vectors = []
    for method, decide in METHODS.items():
        answers = tuple(decide(question) for question in questions)
        for number, (when, (decision, rule, reason)) in enumerate(rows_of(answers), 1):
            given = {"method": method, "when": {fact: list(values) for fact, values in when}}
            vectors.append(vector(rule, f"{method}, row {number}", given, {"decision": decision, "rule": rule, "reason": reason}))
    return {
        **group(
            "access-table",
            "The whole access table. `when` has the values that a fact may take; a fact that is not named may take any of `facts`. The rows of a method do not overlap, and together they are all 32,768 combinations.",
            vectors,
        ),
        "facts": FACTS,
    }


GROUPS = (table_group,)
