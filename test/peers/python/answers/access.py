"""Who enters where, and who helps whom: the rulebook's sentences in the order in which they decide.

Written from the rulebook, apart from the tables of `description/`, which these answers check.
"""

from itertools import product

from .identity import ADMINISTRATOR

CARD, CODE, SET_UP = "smartcard", "2fa", "2fa-set-up"
HOLDER, ADMINISTRATORS, DA_3, SCARD_1, NO_ONE = "self-service", "delegated-administrators", "DA 3", "SCard 1", "not-available"


def objections(method, asked):
    """Every sentence by which the way in would be closed. What never changes comes first, what an unlock changes late."""
    place, phase, card = asked["resource"], asked["phase"], method == CARD
    gateway, desk = place == "PG", place in ("terminal", "ONRD")
    administrator = asked["role"] == ADMINISTRATOR
    launched, over = phase in ("parallel-run", "decommissioned"), phase == "decommissioned"
    return [
        ("MIG-10", "gateway-takes-smartcards-only", gateway and not card),
        ("ACC-13", "users-do-not-enter-dms", place == "DMS" and not administrator),
        ("ACC-13", "administrators-enter-dms-only", desk and administrator and not over),
        ("ACC-13", "administrator-without-business-group", desk and administrator and not asked["hasBusinessGroup"]),
        ("MIG-03", "before-launch", method == CODE and not launched),
        ("MIG-07", "before-launch", method == SET_UP and not launched),
        ("MIG-12", "decommissioned", card and over and not gateway),
        ("MIG-04", "created-from-launch", card and asked["createdFromLaunch"]),
        ("MIG-09", "backup-centre", card and launched and not over and asked["site"] == "backup" and not gateway),
        # From decommissioning no profile shows a card (MIG-20), so a missing one says nothing.
        ("MIG-05", "no-smartcard", card and not over and not asked["hasSmartcard"]),
        ("MIG-17", "certificate-expired", card and asked["certificateExpired"]),
        ("ACC-03", "already-initialised", method == SET_UP and asked["initialised"]),
        ("ACC-06", "not-enabled", not asked["enabled"]),
        ("LOCK-12", "locked", asked["locked"] and not (card and asked["smartcardWhenLocked"] == "open")),
        ("ACC-03", "not-initialised", method == CODE and not asked["initialised"]),
        ("ACC-02", "no-registered-email", method == SET_UP and not asked["hasEmail"]),
    ]


def grounds(method, asked):
    """The sentence by which a way in is open, where nothing closes it: the first that fits."""
    gateway, over = asked["resource"] == "PG", asked["phase"] == "decommissioned"
    parallel = asked["phase"] == "parallel-run"
    return {
        CARD: [
            ("MIG-14", "gateway-keeps-smartcards", gateway and over),
            ("MIG-10", "gateway-untouched", gateway),
            ("MIG-03", "smartcard-until-launch", not parallel),
            ("MIG-08", "smartcard-until-decommissioning", asked["initialised"]),
            ("MIG-03", "parallel-run", True),
        ],
        CODE: [
            ("MIG-09", "backup-centre", asked["site"] == "backup"),
            ("MIG-12", "decommissioned", over),
            ("MIG-04", "created-from-launch", asked["createdFromLaunch"]),
            ("MIG-03", "parallel-run", True),
        ],
        SET_UP: [("MIG-07", "initialise-at-once", parallel), ("ACC-01", "first-sign-in", True)],
    }[method]


def first(sentences):
    return next((sentence[:2] for sentence in sentences if sentence[2]), None)


def access(method, asked):
    closed = first(objections(method, asked))
    rule, reason = closed or first(grounds(method, asked))
    return ("deny" if closed else "allow", rule, reason)


def access_row(given, facts):
    """Every combination of the facts that a row leaves open must have the same answer."""
    values = [given["when"].get(fact, every) for fact, every in facts.items()]
    answers = {access(given["method"], dict(zip(facts, each))) for each in product(*values)}
    return [dict(zip(("decision", "rule", "reason"), each)) for each in sorted(answers)][0 if len(answers) == 1 else slice(None)]


def route(need, role, channel, phase):
    administrator, launched = role == ADMINISTRATOR, phase in ("parallel-run", "decommissioned")
    form = DA_3 if launched else SCARD_1
    helper = form if administrator else ADMINISTRATORS
    maintained = need in ("delete-account", "change-profile")
    registers = DA_3 if administrator else ADMINISTRATORS
    sentences = [
        ("MNT-06", form, administrator and (maintained or need == "create-account")),
        ("MNT-07", ADMINISTRATORS, maintained),
        ("MNT-07", ADMINISTRATORS if launched else SCARD_1, need == "create-account"),
        ("MNT-05", SCARD_1 if administrator else ADMINISTRATORS, need == "reset-smartcard-password"),
        ("MNT-10", NO_ONE, need == "assign-business-groups" and administrator and phase != "decommissioned"),
        ("MNT-10", helper, need == "assign-business-groups"),
        ("MIG-01", NO_ONE if phase == "before-registration" else registers, need == "register-email"),
        # The needs that are left are of 2FA, which there is from launch.
        ("MIG-03", NO_ONE, not launched),
        ("MNT-04", helper, need == "unlock"),
        ("ACC-01", HOLDER, need == "reset-password" and channel == "none"),
        ("ACC-03", NO_ONE, channel == "none"),
        ("MNT-01", HOLDER, need == "change-password"),
        ("MNT-02", HOLDER, need == "reset-password" and channel == "MobileApp"),
        ("MNT-03", helper, need == "reset-password"),
        # A device is what a user of the app has.
        ("OTP-09", NO_ONE, channel == "Email"),
        ("OTP-08", HOLDER, need == "change-device"),
        ("OTP-09", helper, need == "replace-lost-device"),
    ]
    rule, answer = first(sentences)
    return {"route": answer, "rule": rule}


ANSWERS = {
    "access-table": access_row,
    "authority-table": lambda given: route(given["need"], given["role"], given["channel"], given["phase"]),
}
