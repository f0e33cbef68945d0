"""The timeline (MIG-01 to MIG-04, MIG-12, MIG-16) and days in Hong Kong."""

from datetime import datetime, timedelta, timezone

HONG_KONG = timezone(timedelta(hours=8))
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MILLISECOND = timedelta(milliseconds=1)
FROM, UNTIL = "2022-12-01", "2023-04-28"


def midnight(day, plus=0):
    """When a day in Hong Kong begins, in milliseconds; ValueError where it is none."""
    return (datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=HONG_KONG) + timedelta(days=plus) - EPOCH) // MILLISECOND


def day_of(at):
    return (EPOCH + at * MILLISECOND).astimezone(HONG_KONG).date().isoformat()


def dates_of(timeline, participant):
    return {**timeline, **timeline.get("participants", {}).get(participant, {})}


def phase(given):
    dates, at = dates_of(given["timeline"], given["participant"]), given["at"]
    end = dates.get("decommissioning")
    if end is not None and at >= end:
        return {"phase": "decommissioned"}
    if at >= dates["launch"]:
        return {"phase": "parallel-run"}
    return {"phase": "registration" if at >= midnight(FROM) else "before-registration"}


def late(given):
    return {"late": given["at"] >= midnight(dates_of(given["timeline"], given["participant"]).get("emailRegistrationUntil", UNTIL), 1)}


def valid(given):
    timeline = given["timeline"]
    until = timeline.get("emailRegistrationUntil", UNTIL)
    try:
        closed = midnight(until, 1)
    except ValueError:
        return {"faults": ["emailRegistrationUntil"]}
    if until < FROM:
        return {"faults": ["emailRegistrationUntil"]}

    def faults(dates, path):
        launch, end = dates.get("launch"), dates.get("decommissioning")
        if not isinstance(launch, int) or launch < closed:
            return [f"{path}launch"]
        return [f"{path}decommissioning"] if end is not None and end <= launch else []

    participants = timeline.get("participants", {})
    own = [each for who in participants for each in faults(dates_of(timeline, who), f"participants.{who}.")]
    return {"faults": faults(timeline, "") + own}


def enabled(given):
    within = given.get("enableFrom", "") <= given["day"] <= given.get("disableAfter", "9999-12-31")
    return {"enabled": given["status"] == "ENABLED" and within}


ANSWERS = {
    "timeline-phase": phase,
    "timeline-late-email": late,
    "timeline-valid": valid,
    "hong-kong-day": lambda given: {"day": day_of(given["at"])},
    "account-enabled": enabled,
}
