"""Quota, DMS requests, Authorisation Codes, eServices, and who may act in DMS."""

from .access import route
from .identity import ADMINISTRATOR, parse

DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000


def in_dms(given):
    actor, subject = given["actor"], given["subject"]
    refusals = [
        ("not-a-delegated-administrator", actor["role"] != ADMINISTRATOR),
        ("other-participant", actor["participant"] != subject["participant"]),
        ("subject-is-an-administrator", subject["role"] == ADMINISTRATOR),
    ]
    for reason, refused in refusals:
        if refused:
            return {"allowed": False, "reason": reason, "rule": "MNT-08"}
    way = route(given["need"], subject["role"], given["channel"], given["phase"])
    return {"allowed": True} if way["route"] == "delegated-administrators" else {"allowed": False, "reason": "not-by-this-route", "rule": way["rule"]}


def quota(given):
    maximum, roles, ever, refused = None, {}, set(), []
    for number, step in enumerate(given["steps"]):
        what, user_id, reason = step["do"], step.get("userId"), None
        if what == "set-maximum":
            maximum = step["maximum"]
        elif what == "buy":
            maximum = (len(roles) if maximum is None else maximum) + step["count"]
        elif what == "delete":
            if roles.pop(user_id, None) is None:
                reason = ("no-such-account", "QTA-02")
        elif user_id in ever:
            reason = ("user-id-taken", "ID-12")
        elif what == "create" and len(roles) >= (maximum or 0):
            reason = ("quota-exceeded", "QTA-03")
        else:
            ever.add(user_id)
            roles[user_id] = step["role"]
        if reason:
            refused.append({"step": number, "reason": reason[0], "rule": reason[1]})
    administrators = list(roles.values()).count(ADMINISTRATOR)
    known = {} if maximum is None else {"maximum": maximum}
    totals = {**known, "total": len(roles), "administrators": administrators, "users": len(roles) - administrators, "available": max(0, (maximum or 0) - len(roles))}
    return {"refused": refused, "totals": totals}


class Request:
    def __init__(self):
        self.maker = self.status = None
        self.entered = 0

    def refusal(self, what, by):
        if what == "enter":
            return "request-exists" if self.maker else None
        if not self.maker:
            return "no-such-request"
        if self.status != "Pending":
            return "request-closed"
        if what in ("amend", "withdraw"):
            return None if by == self.maker else "not-the-maker"
        return "maker-as-checker" if by == self.maker else None

    def do(self, step):
        what, by, at, but = step["do"], step["by"], step["after"], step.get("but")
        refused = self.refusal(what, by)
        if refused:
            return {"refused": refused}
        if what != "enter" and at >= self.entered + DAY:
            self.status = "Expired"
        elif what in ("enter", "amend"):
            self.maker, self.status, self.entered = by, "Pending", at
        elif but == "other-entry":
            return {"refused": "entry-changed"}
        else:
            self.status = "Stale" if but == "other-profile" else {"confirm": "Confirmed", "withdraw": "Withdrawn", "reject": "Rejected"}[what]
        return {"status": self.status}


def dms_request(given):
    request = Request()
    return {"outcomes": [request.do(step) for step in given["steps"]]}


def authorisation(given):
    code, wrong, session, outcomes = None, {}, 8 * HOUR, []

    def use(at, request, digits):
        nonlocal code
        if code is None or code["state"] == "used":
            return {"refused": "no-code-issued"}
        if code["state"] == "revoked":
            return {"outcome": "revoked"}
        if digits == "wrong":
            return {"refused": "wrong-code"}
        if code["request"] != request:
            return {"refused": "code-for-another-request"}
        if at >= min(code["issued"] + 5 * MINUTE, session):
            return {"refused": "code-expired"}
        code["state"] = "used"
        return {"outcome": "used"}

    for step in given["steps"]:
        what, at, request = step["do"], step["after"], step.get("request")
        if what == "issue":
            code = {"request": request, "issued": at, "state": "good"}
            outcomes.append({"outcome": "issued"})
        elif what == "session-until":
            session = step["until"]
            outcomes.append({"outcome": "set"})
        elif what == "end-session":
            if code:
                code["state"] = "revoked"
            outcomes.append({"outcome": "ended"})
        else:
            outcome = use(at, request, step["code"])
            outcomes.append(outcome)
            if outcome.get("outcome") != "used":
                wrong[request] = wrong.get(request, 0) + 1
                if wrong[request] == 3 and code and code["request"] == request and code["state"] == "good":
                    code["state"] = "revoked"
    return {"outcomes": outcomes}


class Form:
    SHOWN = {"Ready": "Ready to Send to HKEX", "Sent": "Sent to HKEX"}

    def __init__(self, people):
        self.people, self.maker, self.status, self.claimant, self.processed = people, None, None, None, False

    def has(self, who, role):
        return role in self.people[who]["roles"]

    def is_maker(self, who):
        one, other = self.people[who], self.people[self.maker]
        return any(one[part].lower() == other[part].lower() for part in ("id", "email"))

    def hkex(self, what):
        if what != "complete":
            self.processed = True
        elif not self.processed:
            return "lines-outstanding"
        else:
            self.status = "Completed"
        return None

    def draft(self, who):
        if not self.has(who, "Maker"):
            return "not-a-maker"
        if self.maker:
            return "form-exists"
        self.maker, self.status = who, "Draft"
        return None

    def by_maker(self, who, what):
        if not self.has(who, "Maker"):
            return "not-a-maker"
        if who != self.maker:
            return "not-its-maker"
        if what == "reclaim":
            if self.claimant and self.status == "Ready":
                return "already-claimed"
            if self.status != "Ready":
                return "wrong-status"
            self.status = "Draft"
            return None
        if self.status != "Draft":
            return "wrong-status"
        self.status = {"edit": "Draft", "submit": "Ready", "discard": "Discarded"}[what]
        return None

    def claim(self, who):
        if not self.people[who]["id"].isascii():
            return "unreadable-actor"
        if self.is_maker(who):
            return "maker-as-checker"
        if self.status != "Ready":
            return "wrong-status"
        if self.claimant:
            return "already-claimed"
        self.claimant = who
        return None

    def refer(self, who, other):
        if other == who:
            return "referred-to-oneself"
        if not self.has(other, "Checker"):
            return "unfit-checker"
        if self.is_maker(other):
            return "maker-as-checker"
        self.claimant = other
        return None

    def by_checker(self, who, what, other):
        if not self.has(who, "Checker"):
            return "not-a-checker"
        if what == "claim":
            return self.claim(who)
        if what == "reclaim" and self.status == "Completed":
            return "already-processed"
        if self.status != ("Sent" if what == "reclaim" else "Ready") or not self.claimant:
            return "wrong-status"
        if who != self.claimant:
            return "not-the-claimant"
        if what == "refer":
            return self.refer(who, other)
        if what == "revert-blank":
            return "no-remark"
        if what == "reclaim":
            if self.processed:
                return "already-processed"
            self.status = "Ready"
        elif what == "confirm":
            self.status = "Sent"
        else:
            self.claimant, self.status = None, "Draft" if what == "revert" else "Ready"
        return None

    def act(self, who, what, other):
        if who != "hkex" and "EU_UserMaintenance" not in self.people[who]["rights"]:
            return "no-right"
        if what == "draft":
            return self.draft(who)
        if self.maker is None:
            return "no-such-form"
        if who == "hkex":
            return self.hkex(what)
        if self.people[who]["participant"] != self.people[self.maker]["participant"]:
            return "other-participant"
        sent = self.status == "Sent" or (self.status == "Completed" and who == self.claimant)
        if what in ("edit", "submit", "discard") or (what == "reclaim" and not sent):
            return self.by_maker(who, what)
        return self.by_checker(who, what, other)

    def do(self, step):
        refused = self.act(step["by"], step["do"], step.get("to"))
        if refused:
            return {"refused": refused}
        claimed = {"claimedBy": self.claimant} if self.status == "Ready" and self.claimant else {}
        return {"status": self.SHOWN.get(self.status, self.status), **claimed}


def eservice_workflow(given, people):
    form = Form(people)
    return {"outcomes": [form.do(step) for step in given["steps"]]}


LAUNCHED = ("parallel-run", "decommissioned")


def _lines_on(form, phase):
    """What a form can have (ESV-04, ESV-14, MNT-05, MNT-06)."""
    launched = phase in LAUNCHED
    if form == "DA 3":
        return {"add", "change", "delete", "status"} if launched else {"change"} if phase == "registration" else set()
    if form == "DA 4":
        return {"buy-accounts"} if launched else set()
    return {"reset-smartcard-password"} | (set() if launched else {"add", "change", "delete"})


def _fields_on(phase):
    if phase not in LAUNCHED:
        return {"email"} if phase == "registration" else set()
    return {"surname", "otherNames", "email"} | ({"userGroups"} if phase == "decommissioned" else set())


def eservice_form(given):
    lines, phase, faults = given["lines"], given["phase"], []
    kinds = _lines_on(given["form"], phase)
    seen = set()

    def note(fault, wrong):
        if wrong and fault not in faults:
            faults.append(fault)

    note("declaration-not-ticked", not given["declared"])
    note("contact-incomplete", not all(given["contact"].values()))
    note("other-clearing-house", given["clearingHouse"] not in parse(given["participant"] + "00")["types"])
    note("no-lines", not lines)
    note("too-many-lines", len(lines) > 4)
    for line in lines:
        note("line-not-on-form", line["type"] not in kinds)
        note("field-not-on-form", not set(line.get("changes", ())) <= _fields_on(phase))
        note("nothing-to-change", line.get("changes") == {})
        note("count-out-of-bounds", not 1 <= line.get("count", 1) <= 999)
        if "userId" not in line:
            continue
        read = parse(line["userId"])
        note("malformed-user-id", not read["valid"])
        if read["valid"]:
            note("line-of-other-participant", read["participant"] != given["participant"])
            note("not-an-administrator", read["role"] != ADMINISTRATOR)
            note("duplicate-user-id", read["userId"] in seen)
            seen.add(read["userId"])
    return {"faults": faults}


def reference(given):
    fits = 0 <= given["number"] <= 99_999_999
    return {"reference": f"{given['form'].replace(' ', '')}_{given['number']:08d}" if fits else None}


ANSWERS = {
    "authority-in-dms": in_dms,
    "quota": quota,
    "dms-request": dms_request,
    "authorisation-code": authorisation,
    "eservice-workflow": eservice_workflow,
    "eservice-form": eservice_form,
    "eservice-reference": reference,
}
