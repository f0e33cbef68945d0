"""User IDs: ID-01 to ID-12."""

import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ADMINISTRATORS = [first + second for first in "XYZ" for second in "123456789"]
USERS = [first + second for first in ALPHABET for second in ALPHABET if first + second not in ADMINISTRATORS]
PLACES = {"HKSCC": "[A-Z][0-9]{5}", "DB": "BNK[0-9]{3}", "HKCC": "[A-Z0-9]{3}", "SEOCH": "[A-Z0-9]{3}"}
ADMINISTRATOR = "DelegatedAdministrator"


def role_of(suffix):
    return ADMINISTRATOR if suffix in ADMINISTRATORS else "User"


def parse(text, order="as-example"):
    if len(text) != 8:
        return {"valid": False, "rule": "ID-01", "problem": "length"}
    if not re.fullmatch("[A-Za-z0-9]{8}", text):
        return {"valid": False, "rule": "ID-08", "problem": "characters"}
    user_id = text.upper()
    read = {"valid": True, "userId": user_id}

    def parts(place, types, suffix, group=None, prefix=""):
        grouped = {"group": group} if group else {}
        return {**read, "role": role_of(suffix), "participantId": place, "types": types, **grouped, "suffix": suffix, "participant": prefix + place}

    plain = re.fullmatch("(?:([A-Z][0-9]{5})|(BNK[0-9]{3}))(..)", user_id)
    if plain:
        hkscc, bank, suffix = plain.groups()
        return parts(hkscc or bank, ["HKSCC" if hkscc else "DB"], suffix)
    grouped = re.fullmatch("HK(...)([1-4])(..)", user_id)
    if grouped:
        place, group, suffix = grouped.groups()
        alone = order == "as-written" and role_of(suffix) == ADMINISTRATOR
        return parts(place, ["HKCC"] if alone else ["HKCC", "SEOCH"], suffix, group, "HK")
    written = re.fullmatch("HK(...)([XYZ])([1-4])([1-9])", user_id)
    if written and order == "as-written":
        place, letter, group, digit = written.groups()
        return parts(place, ["SEOCH"], letter + digit, group, "HK")
    return {"valid": False, "rule": "ID-07", "problem": "shape"}


def answer_parse(given):
    return parse(given["text"], given.get("seochOrder", "as-example"))


def print_id(given):
    kind, suffix, group = given["type"], given["suffix"], given.get("group")
    malformed = {"refused": "malformed-user-id", "rule": "ID-07"}
    fits = re.fullmatch(PLACES[kind], given["participantId"]) and re.fullmatch("[A-Z0-9]{2}", suffix)
    if not fits or (group in ("1", "2", "3", "4")) != (kind in ("HKCC", "SEOCH")) or (group is not None and kind in ("HKSCC", "DB")):
        return malformed
    if given["role"] == ADMINISTRATOR and suffix not in ADMINISTRATORS:
        return malformed
    if given["role"] == "User" and suffix in ADMINISTRATORS:
        return {"refused": "looks-like-administrator", "rule": "ID-09"}
    if group is None:
        return {"userId": given["participantId"] + suffix}
    swapped = kind == "SEOCH" and given["role"] == ADMINISTRATOR and given.get("seochOrder") == "as-written"
    return {"userId": "HK" + given["participantId"] + (suffix[0] + group + suffix[1] if swapped else group + suffix)}


def admit(given):
    read = parse(given["text"])
    if not read["valid"]:
        return {"refused": "malformed-user-id", "rule": read["rule"]}
    if given["role"] == ADMINISTRATOR and read["role"] == "User":
        return {"refused": "malformed-user-id", "rule": "ID-07"}
    looks = given["role"] == "User" and read["role"] == ADMINISTRATOR
    if looks and given["origin"] == "created":
        return {"refused": "looks-like-administrator", "rule": "ID-09"}
    return {"userId": read["userId"], "warnings": ["looks-like-administrator"] if looks else []}


def allocate(given):
    taken = set(given["taken"])
    for suffix in ADMINISTRATORS if given["role"] == ADMINISTRATOR else USERS:
        answer = print_id({**given, "suffix": suffix})
        if answer["userId"] not in taken:
            return answer
    return {"refused": "user-ids-exhausted", "rule": "ID-12"}


ANSWERS = {"user-id-parse": answer_parse, "user-id-format": print_id, "user-id-validate": admit, "user-id-allocate": allocate}
