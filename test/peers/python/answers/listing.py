"""Rows and headers of a User Profile Listing (MIG-16, MIG-24, DMS-06, DMS-07, FLD-02 to FLD-04)."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from .identity import ADMINISTRATOR, parse
from .timeline import EPOCH, HONG_KONG, MILLISECOND

COLUMNS = "Organisation|User ID|Surname|Other Names|Email|User Status|Enable From|Disable After|Clearing House Options|Access Channel|SRN|Certificate Expiry Date|Remarks".split("|")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _year(text):
    return int(text) if len(text) == 4 else int(text) + (1900 if int(text) >= 90 else 2000)


def _day(text):
    """A day, and whether it was written otherwise than DMS writes it; ValueError where it is none."""
    iso = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if iso:
        return date(*map(int, iso.groups())).isoformat(), True
    parts = re.fullmatch("([0-9]{1,2})/([0-9]{1,2})/([0-9]{2}|[0-9]{4})", text)
    if not parts:
        raise ValueError(text)
    day, month, year = parts.groups()
    return date(_year(year), int(month), int(day)).isoformat(), not re.fullmatch("../../..", text)


def _expiry(text):
    """The first instant at which a certificate is no longer good."""
    parts = re.fullmatch("([0-9]{1,2})-([A-Za-z]{3})-([0-9]{2}) ([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?", text)
    if not parts or parts[2].lower() not in MONTHS:
        raise ValueError(text)
    day, month, year, hour, minute, second = parts.groups()
    printed = datetime(_year(year), MONTHS.index(month.lower()) + 1, int(day), int(hour), int(minute), int(second or 0), tzinfo=HONG_KONG)
    return (printed + timedelta(seconds=1) - EPOCH) // MILLISECOND, second is None


class Row:
    def __init__(self, cells):
        self.problems, self.warnings, self.cells = [], [], {}
        for column, text in cells.items():
            self.cells[column] = text if column == "User ID" else self.clean(column, text)

    def fault(self, fault, rule, column):
        self.problems.append({"code": fault, "rule": rule, "column": column})

    def warn(self, warning, holds=True):
        if holds and warning not in self.warnings:
            self.warnings.append(warning)

    def clean(self, column, text):
        text = text.strip()
        constant = re.fullmatch('="(.*)"', text)
        self.warn("spreadsheet-text", bool(constant))
        text = constant[1] if constant else text
        if re.fullmatch(r"#[A-Z0-9/]+[?!]?", text):
            self.fault("spreadsheet-error", "MIG-24", column)
        elif any(unicodedata.category(each) in ("Cc", "Cf") for each in text):
            self.fault("unprintable", "FLD-02", column)
        return text

    def read(self, column, reader, rule):
        text = self.cells[column]
        if not text:
            return None
        try:
            value, rewritten = reader(text)
        except ValueError:
            return self.fault("no-such-date", rule, column)
        self.warn("date-rewritten", rewritten)
        return value

    def identity(self):
        read = parse(self.cells["User ID"])
        remark = " ".join(self.cells["Remarks"].lower().split())
        remarked = remark == "delegated administrator"
        if not read["valid"]:
            self.fault("no-such-format", read["rule"], "User ID")
            return {}
        if remarked and read["role"] != ADMINISTRATOR:
            self.fault("remark-without-administrator-id", "DMS-06", "User ID")
        self.warn("looks-like-administrator", not remarked and read["role"] == ADMINISTRATOR)
        self.warn("unknown-remark", bool(remark) and not remarked)
        return {"userId": read["userId"], "role": ADMINISTRATOR if remarked else "User", "participant": read["participant"]}

    def smartcard(self):
        srn, expiry = self.cells["SRN"], self.read("Certificate Expiry Date", _expiry, "ACC-04")
        if srn and not re.fullmatch("[0-9A-Za-z]+", srn):
            self.fault("no-such-serial-number", "FLD-03", "SRN")
        texts = bool(srn) + bool(self.cells["Certificate Expiry Date"])
        self.warn("no-smartcard", texts == 0)
        self.warn("smartcard-incomplete", texts == 1)
        return {"srn": srn, "certificateExpiry": expiry} if texts == 2 else None

    def answer(self):
        identity, cells = self.identity(), self.cells
        status, email = cells["User Status"].upper(), cells["Email"]
        if status not in ("ENABLED", "DISABLED"):
            self.fault("unknown-status", "ACC-05", "User Status")
        start, end = (self.read(column, _day, "ACC-05") for column in ("Enable From", "Disable After"))
        if start and end and start > end:
            self.fault("dates-reversed", "FLD-04", "Disable After")
        mail = bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email))
        self.warn("invalid-email", bool(email) and not mail)
        profile = {
            "organisation": cells["Organisation"],
            "surname": cells["Surname"],
            "otherNames": cells["Other Names"],
            "email": email if mail else None,
            "status": status,
            "enableFrom": start,
            "disableAfter": end,
            "clearingHouseOptions": cells["Clearing House Options"],
            "accessChannel": cells["Access Channel"],
            "smartcard": self.smartcard(),
        }
        if self.problems:
            return {"problems": self.problems}
        kept = {name: value for name, value in profile.items() if value}
        return {**identity, "organisationCode": cells["Organisation"].split(" ")[0], "profile": kept, "warnings": self.warnings}


def header(given):
    names = [name.lstrip("\ufeff").strip().lower() for name in given["names"]]
    return {
        "missing": [column for column in COLUMNS if column.lower() not in names],
        "repeated": [column for column in COLUMNS if names.count(column.lower()) > 1],
    }


ANSWERS = {"listing-row": lambda given: Row(given["row"]).answer(), "listing-header": header}
