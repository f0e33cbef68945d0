"""The timeline (MIG-01 to MIG-04, MIG-12) and days in Hong Kong (ACC-05, ACC-06, MIG-02)."""

from datetime import datetime, timedelta, timezone

from .form import HOUR, group, vector

HONG_KONG = timezone(timedelta(hours=8))  # Without summer time since 1979.


def at(*parts, milliseconds=0):
    """Milliseconds since the epoch of a time in Hong Kong."""
    return int(datetime(*parts, tzinfo=HONG_KONG).timestamp()) * 1_000 + milliseconds


REGISTRATION = at(2022, 12, 1)
DEADLINE_OVER = at(2023, 4, 29)
LAUNCH = at(2023, 6, 5, 9)
END = at(2023, 12, 4, 9)
OWN_LAUNCH = at(2023, 7, 3, 9)

COMMON = {"launch": LAUNCH, "decommissioning": END}
OWN = {**COMMON, "participants": {"BNK999": {"launch": OWN_LAUNCH, "decommissioning": None}}}


def phase_group():
    rows = [
        ("before registration", COMMON, "B01234", REGISTRATION - 1, "before-registration", "MIG-01", "boundary"),
        ("registration begins on 1 December 2022 in Hong Kong", COMMON, "B01234", REGISTRATION, "registration", "MIG-01", "boundary"),
        ("registration goes on after its deadline", COMMON, "B01234", DEADLINE_OVER, "registration", "MIG-02", "boundary interpretation"),
        ("the last millisecond before launch", COMMON, "B01234", LAUNCH - 1, "registration", "MIG-03", "boundary"),
        ("launch", COMMON, "B01234", LAUNCH, "parallel-run", "MIG-03", "boundary"),
        ("the last millisecond of the parallel run", COMMON, "B01234", END - 1, "parallel-run", "MIG-12", "boundary"),
        ("decommissioning", COMMON, "B01234", END, "decommissioned", "MIG-12", "boundary"),
        ("without a date of decommissioning the parallel run goes on", {"launch": LAUNCH}, "B01234", END + 1_000 * 24 * HOUR, "parallel-run", "MIG-03", "edge"),
        ("a participant of its own dates, before its launch", OWN, "BNK999", OWN_LAUNCH - 1, "registration", "MIG-16", "boundary interpretation"),
        ("a participant of its own dates, at its launch", OWN, "BNK999", OWN_LAUNCH, "parallel-run", "MIG-16", "boundary interpretation"),
        ("a participant whose decommissioning is not set", OWN, "BNK999", END, "parallel-run", "MIG-16", "interpretation"),
        ("another participant has the common dates", OWN, "B01234", LAUNCH, "parallel-run", "MIG-16", "interpretation"),
    ]
    vectors = [vector(rule, case, {"timeline": timeline, "participant": who, "at": when}, {"phase": phase}, flags) for case, timeline, who, when, phase, rule, flags in rows]
    return group("timeline-phase", "The phase in which a participant is. Instants are milliseconds since 1970-01-01T00:00:00Z; dates that are left out are the defaults of MIG-01.", vectors)


def late_group():
    rows = [
        ("the last millisecond of 28 April 2023 in Hong Kong", DEADLINE_OVER - 1, False),
        ("midnight after it", DEADLINE_OVER, True),
        ("28 April 2023, 23:00 UTC, which is 29 April in Hong Kong", at(2023, 4, 29, 7), True),
        ("28 April 2023, 15:59 UTC, which is still 28 April", at(2023, 4, 28, 23, 59), False),
    ]
    vectors = [vector("MIG-02", case, {"timeline": COMMON, "participant": "B01234", "at": when}, {"late": late}, "boundary interpretation") for case, when, late in rows]
    return group("timeline-late-email", "Whether an email is registered after the deadline.", vectors)


def valid_group():
    rows = [
        ("launch at the end of the deadline's day", {"launch": DEADLINE_OVER}, []),
        ("launch a millisecond before that", {"launch": DEADLINE_OVER - 1}, ["launch"]),
        ("decommissioning a millisecond after launch", {"launch": LAUNCH, "decommissioning": LAUNCH + 1}, []),
        ("decommissioning at launch", {"launch": LAUNCH, "decommissioning": LAUNCH}, ["decommissioning"]),
        ("decommissioning before launch", {"launch": LAUNCH, "decommissioning": LAUNCH - 1}, ["decommissioning"]),
        ("no launch", {}, ["launch"]),
        ("a deadline that is no day", {"launch": LAUNCH, "emailRegistrationUntil": "2023-02-29"}, ["emailRegistrationUntil"]),
        ("another deadline", {"launch": LAUNCH, "emailRegistrationUntil": "2023-05-31"}, []),
        ("a deadline after launch", {"launch": LAUNCH, "emailRegistrationUntil": "2023-06-05"}, ["launch"]),
        ("a deadline before registration", {"launch": LAUNCH, "emailRegistrationUntil": "2022-11-30"}, ["emailRegistrationUntil"]),
        ("a participant with an own launch", OWN, []),
        ("a participant whose launch is before the deadline", {**COMMON, "participants": {"BNK999": {"launch": DEADLINE_OVER - 1}}}, ["participants.BNK999.launch"]),
        ("a participant whose launch is at the common decommissioning", {**COMMON, "participants": {"BNK999": {"launch": END}}}, ["participants.BNK999.decommissioning"]),
        ("half a millisecond", {"launch": LAUNCH + 0.5}, ["launch"]),
    ]
    vectors = [vector("MIG-02", case, {"timeline": timeline}, {"faults": faults}, "boundary interpretation") for case, timeline, faults in rows]
    return group("timeline-valid", "Which dates of a timeline contradict each other or are none, by path.", vectors)


def day_group():
    rows = [
        ("midnight in Hong Kong", at(2023, 6, 5), "2023-06-05", "boundary"),
        ("a millisecond before midnight", at(2023, 6, 5) - 1, "2023-06-04", "boundary"),
        ("midnight in London", at(2023, 6, 5, 8), "2023-06-05", "boundary"),
        ("the epoch", 0, "1970-01-01", "edge"),
        ("before the epoch", at(1969, 12, 31), "1969-12-31", "edge"),
        ("29 February", at(2024, 2, 29, 12), "2024-02-29", ""),
        ("the last millisecond of a year", at(2024, 1, 1) - 1, "2023-12-31", "boundary"),
    ]
    # In the winter of 1969 to 1970 Hong Kong had summer time until 19 October 1969: both instants are outside of it.
    vectors = [vector("ACC-06", case, {"at": when}, {"day": day}, f"{flags} interpretation") for case, when, day, flags in rows]
    return group("hong-kong-day", "The day in Hong Kong on which an instant falls, regardless of the host's zone.", vectors)


def enabled_group():
    rows = [
        ("no dates", "ENABLED", None, None, "2023-06-05", True, ""),
        ("disabled", "DISABLED", None, None, "2023-06-05", False, ""),
        ("the day before Enable From", "ENABLED", "2023-06-05", None, "2023-06-04", False, "boundary"),
        ("Enable From itself", "ENABLED", "2023-06-05", None, "2023-06-05", True, "boundary"),
        ("Disable After itself", "ENABLED", None, "2023-06-05", "2023-06-05", True, "boundary"),
        ("the day after Disable After", "ENABLED", None, "2023-06-05", "2023-06-06", False, "boundary"),
        ("one day alone", "ENABLED", "2023-06-05", "2023-06-05", "2023-06-05", True, "boundary"),
        ("disabled within its dates", "DISABLED", "2023-06-01", "2023-06-30", "2023-06-05", False, ""),
    ]
    vectors = []
    for case, status, start, end, day, enabled, flags in rows:
        given = {"status": status, **({"enableFrom": start} if start else {}), **({"disableAfter": end} if end else {}), "day": day}
        vectors.append(vector("ACC-06", case, given, {"enabled": enabled}, f"{flags} interpretation"))
    return group("account-enabled", "Whether status and dates let an account be used on a day in Hong Kong; both dates are inclusive.", vectors)


GROUPS = (phase_group, late_group, valid_group, day_group, enabled_group)
