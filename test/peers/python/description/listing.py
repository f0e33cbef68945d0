"""Rows of a User Profile Listing (MIG-16, DMS-06, DMS-07, ID-09): what is read, what is warned of, what is refused."""

from .form import group, vector
from .timeline import at

COLUMNS = ["Organisation", "User ID", "Surname", "Other Names", "Email", "User Status", "Enable From", "Disable After", "Clearing House Options", "Access Channel", "SRN", "Certificate Expiry Date", "Remarks"]

PLAIN = {
    "Organisation": "B01234 ABC SECURITIES",
    "User ID": "B0123401",
    "Surname": "CHAN",
    "Other Names": "TAI MAN",
    "Email": "chan@example.com",
    "User Status": "ENABLED",
    "Enable From": "01/01/03",
    "Disable After": "",
    "Clearing House Options": "Cash",
    "Access Channel": "C3T",
    "SRN": "0101101200012AB2",
    "Certificate Expiry Date": "31-Dec-30 23:59:59",
    "Remarks": "",
}
READ = {
    "userId": "B0123401",
    "role": "User",
    "participant": "B01234",
    "organisationCode": "B01234",
    "profile": {
        "organisation": "B01234 ABC SECURITIES",
        "surname": "CHAN",
        "otherNames": "TAI MAN",
        "email": "chan@example.com",
        "status": "ENABLED",
        "enableFrom": "2003-01-01",
        "clearingHouseOptions": "Cash",
        "accessChannel": "C3T",
        # The printed second still counts: the card is no longer good from the next one.
        "smartcard": {"srn": "0101101200012AB2", "certificateExpiry": at(2031, 1, 1)},
    },
    "warnings": [],
}


def _read(profile=None, without=(), **others):
    merged = {**READ["profile"], **(profile or {})}
    return {**READ, "profile": {key: value for key, value in merged.items() if key not in without}, **others}


def _fault(fault, rule, column):
    return {"problems": [{"code": fault, "rule": rule, "column": column}]}


CARD = ("smartcard",)
DA_ROW = {"User ID": "B01234X1", "Remarks": "Delegated Administrator"}
DA_READ = {"userId": "B01234X1", "role": "DelegatedAdministrator"}
ROWS = [
    ("a user", "MIG-16", {}, _read(), ""),
    ("a Delegated Administrator", "DMS-06", DA_ROW, _read(**DA_READ), ""),
    ("the remark in capitals", "DMS-06", {**DA_ROW, "Remarks": "DELEGATED  ADMINISTRATOR"}, _read(**DA_READ), "interpretation"),
    ("a DA's ID without the remark", "ID-09", {"User ID": "B01234X1"}, _read(userId="B01234X1", warnings=["looks-like-administrator"]), "interpretation"),
    ("the remark without a DA's ID", "DMS-06", {"Remarks": "Delegated Administrator"}, _fault("remark-without-administrator-id", "DMS-06", "User ID"), "interpretation"),
    ("another remark", "DMS-06", {"Remarks": "on leave"}, _read(warnings=["unknown-remark"]), "interpretation"),
    ("lower case User ID", "ID-08", {"User ID": "b0123401"}, _read(), "interpretation"),
    ("a User ID of no format", "ID-07", {"User ID": "0012340X"}, _fault("no-such-format", "ID-07", "User ID"), ""),
    ("a User ID of 7 characters", "ID-01", {"User ID": "B012340"}, _fault("no-such-format", "ID-01", "User ID"), "boundary"),
    ("a User ID with a blank before it is not trimmed", "ID-08", {"User ID": " B0123401"}, _fault("no-such-format", "ID-01", "User ID"), "interpretation edge"),
    ("other cells are trimmed", "MIG-16", {"Surname": "  CHAN  ", "Email": " chan@example.com "}, _read(), "interpretation"),
    ("disabled", "ACC-05", {"User Status": "DISABLED"}, _read({"status": "DISABLED"}), ""),
    ("status in lower case", "ACC-05", {"User Status": "enabled"}, _read(), "interpretation"),
    ("no status", "ACC-05", {"User Status": ""}, _fault("unknown-status", "ACC-05", "User Status"), ""),
    ("another status", "ACC-05", {"User Status": "ACTIVE"}, _fault("unknown-status", "ACC-05", "User Status"), ""),
    ("no Enable From", "ACC-05", {"Enable From": ""}, _read(without=("enableFrom",)), ""),
    ("Disable After in 1989 is 2089", "DMS-07", {"Disable After": "31/12/89"}, _read({"disableAfter": "2089-12-31"}), "boundary interpretation"),
    ("Enable From in 1990", "DMS-07", {"Enable From": "01/01/90"}, _read({"enableFrom": "1990-01-01"}), "boundary interpretation"),
    ("29 February of a leap year", "DMS-07", {"Enable From": "29/02/24"}, _read({"enableFrom": "2024-02-29"}), "boundary"),
    ("29 February of another year", "DMS-07", {"Enable From": "29/02/23"}, _fault("no-such-date", "ACC-05", "Enable From"), "boundary"),
    ("month 13", "DMS-07", {"Disable After": "01/13/30"}, _fault("no-such-date", "ACC-05", "Disable After"), "boundary"),
    ("no email", "ACC-02", {"Email": ""}, _read(without=("email",)), ""),
    ("an email that is none", "MIG-06", {"Email": "chan"}, _read(without=("email",), warnings=["invalid-email"]), "interpretation"),
    ("no smartcard", "MIG-05", {"SRN": "", "Certificate Expiry Date": ""}, _read(without=CARD, warnings=["no-smartcard"]), ""),
    ("a serial number without an expiry", "ACC-04", {"Certificate Expiry Date": ""}, _read(without=CARD, warnings=["smartcard-incomplete"]), "interpretation"),
    ("an expiry without a serial number", "ACC-04", {"SRN": ""}, _read(without=CARD, warnings=["smartcard-incomplete"]), "interpretation"),
    ("a certificate of another second", "ACC-04", {"Certificate Expiry Date": "31-Dec-30 23:59:58"}, _read({"smartcard": {"srn": "0101101200012AB2", "certificateExpiry": at(2031, 1, 1) - 1_000}}), "boundary"),
    ("a certificate's month in capitals", "ACC-04", {"Certificate Expiry Date": "31-DEC-30 23:59:59"}, _read(), "interpretation"),
    ("hour 24", "ACC-04", {"Certificate Expiry Date": "31-Dec-30 24:00:00"}, _fault("no-such-date", "ACC-04", "Certificate Expiry Date"), "boundary"),
    ("31 November", "ACC-04", {"Certificate Expiry Date": "31-Nov-30 23:59:59"}, _fault("no-such-date", "ACC-04", "Certificate Expiry Date"), "boundary"),
    ("a day of a spreadsheet, without zeros and with four digits of the year", "MIG-24", {"Enable From": "1/1/2003"}, _read(warnings=["date-rewritten"]), "interpretation"),
    ("a day of ISO 8601", "MIG-24", {"Enable From": "2003-01-01"}, _read(warnings=["date-rewritten"]), "interpretation"),
    ("a number in place of a day", "MIG-24", {"Enable From": "37622"}, _fault("no-such-date", "ACC-05", "Enable From"), "interpretation"),
    ("a certificate without seconds", "MIG-24", {"Certificate Expiry Date": "31-Dec-30 23:59"}, _read({"smartcard": {"srn": "0101101200012AB2", "certificateExpiry": at(2031, 1, 1) - 59_000}}, warnings=["date-rewritten"]), "interpretation"),
    ("a certificate's day without a time", "MIG-24", {"Certificate Expiry Date": "31-Dec-30"}, _fault("no-such-date", "ACC-04", "Certificate Expiry Date"), "interpretation"),
    ("a serial number in scientific notation", "FLD-03", {"SRN": "1.01101E+23"}, _fault("no-such-serial-number", "FLD-03", "SRN"), "interpretation"),
    ("a constant formula", "MIG-24", {"SRN": '="0101101200012AB2"'}, _read(warnings=["spreadsheet-text"]), "interpretation"),
    ("an error in place of a name", "MIG-24", {"Surname": "#NAME?"}, _fault("spreadsheet-error", "MIG-24", "Surname"), "interpretation"),
    ("Enable From after Disable After", "FLD-04", {"Enable From": "02/01/23", "Disable After": "01/01/23"}, _fault("dates-reversed", "FLD-04", "Disable After"), "interpretation"),
    ("a direction override in a name", "FLD-02", {"Surname": "CHAN\u202e"}, _fault("unprintable", "FLD-02", "Surname"), "interpretation edge"),
    ("everything wrong is reported at once", "MIG-16", {"User ID": "0012340X", "User Status": "", "Enable From": "x"}, {"problems": [{"code": "no-such-format", "rule": "ID-07", "column": "User ID"}, {"code": "unknown-status", "rule": "ACC-05", "column": "User Status"}, {"code": "no-such-date", "rule": "ACC-05", "column": "Enable From"}]}, ""),
    ("a user of HKCC or SEOCH", "ID-10", {"User ID": "HKABC101", "Organisation": "HKABC ABC FUTURES"}, _read({"organisation": "HKABC ABC FUTURES"}, userId="HKABC101", participant="HKABC", organisationCode="HKABC"), ""),
]


def row_group():
    vectors = [vector(rule, case, {"row": {**PLAIN, **changes}}, expected, flags) for case, rule, changes, expected, flags in ROWS]
    return group("listing-row", "One row of a User Profile Listing as columns and texts: the account, with what is odd about it; or everything that is wrong.", vectors)


def header_group():
    rows = [
        ("the columns in DMS's order", COLUMNS, {"missing": [], "repeated": []}),
        ("another order and case", [each.upper() for each in reversed(COLUMNS)], {"missing": [], "repeated": []}),
        ("a byte order mark before the first", ["\ufeff" + COLUMNS[0], *COLUMNS[1:]], {"missing": [], "repeated": []}),
        ("a column that no listing has", [*COLUMNS, "Telephone"], {"missing": [], "repeated": []}),
        ("a column is missing", COLUMNS[:-1], {"missing": ["Remarks"], "repeated": []}),
        ("a column is there twice", [*COLUMNS, "email"], {"missing": [], "repeated": ["Email"]}),
    ]
    vectors = [vector("MIG-16", case, {"names": names}, expected, "interpretation") for case, names, expected in rows]
    return group("listing-header", "The first line of a listing: which columns are missing, and which are there twice. One without either is a listing's.", vectors)


GROUPS = (row_group, header_group)
