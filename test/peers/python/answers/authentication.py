"""Passwords, one-time codes, and the lockout."""

import base64
import hashlib
import hmac
import re
import unicodedata

MINUTE, DAY = 60_000, 86_400_000


def composition(given):
    policy = {"minimumLength": 16, "maximumLength": 128, "specialCharacters": "!@#%&*()", **given.get("policy", {})}
    if "utf16" in given:
        text = bytes.fromhex(given["utf16"]).decode("utf-16-be", "surrogatepass")
    else:
        text = given["password"]
    broken = any(0xD800 <= ord(each) <= 0xDFFF for each in text)
    checks = [
        ("too-short", len(text) < policy["minimumLength"]),
        ("too-long", len(text) > policy["maximumLength"]),
        ("no-number", not re.search("[0-9]", text)),
        ("no-lower-case-letter", not re.search("[a-z]", text)),
        ("no-special-character", not any(each in policy["specialCharacters"] for each in text)),
        ("no-capital-letter", not re.search("[A-Z]", text)),
        ("not-well-formed", broken),
    ]
    unmet = [name for name, wrong in checks if wrong]
    # The vectors in UTF-16 ask for the rules alone.
    return {"unmet": unmet, **({} if unmet else {"hashed": unicodedata.normalize("NFC", text)})}


def expiry(given):
    end = given["setAt"] + given.get("policy", {}).get("maximumAgeDays", 90) * DAY
    left = end - given["now"]
    return {"status": "valid", "expiresAt": end, "daysLeft": -(-left // DAY)} if left > 0 else {"status": "expired", "expiredAt": end}


def _totp_policy(given):
    return {"algorithm": "SHA1", "digits": 6, "periodSeconds": 30, "windowSteps": 1, "issuer": "CCASS/CCMS", **given.get("policy", {})}


def _code(secret, step, policy):
    mac = hmac.new(bytes.fromhex(secret), step.to_bytes(8, "big"), policy["algorithm"].lower()).digest()
    offset = mac[-1] & 15
    return str((int.from_bytes(mac[offset:offset + 4], "big") & 0x7FFFFFFF) % 10 ** policy["digits"]).zfill(policy["digits"])


def totp(given):
    policy = _totp_policy(given)
    step = given["now"] // (policy["periodSeconds"] * 1_000)
    return {"step": step, "code": _code(given["secret"], step, policy)}


def totp_match(given):
    policy = _totp_policy(given)
    now = given["now"] // (policy["periodSeconds"] * 1_000)
    window = policy["windowSteps"]
    steps = sorted(range(max(0, now - window), now + window + 1), key=lambda step: abs(step - now))
    return {"step": next((step for step in steps if _code(given["secret"], step, policy) == given["code"]), None)}


def enrolment(given):
    policy = _totp_policy(given)
    secret = base64.b32encode(bytes.fromhex(given["secret"])).decode().rstrip("=")
    parameters = {"issuer": policy["issuer"], "secret": secret, "algorithm": policy["algorithm"], "digits": str(policy["digits"]), "period": str(policy["periodSeconds"])}
    return {"secret": secret, "scheme": "otpauth", "type": "totp", "label": f"{policy['issuer']}:{given['label']}", "parameters": parameters}


class Window:
    """So many uses in a period that begins with the first of them."""

    def __init__(self, most, period):
        self.most, self.period, self.begun, self.used = most, period, None, 0

    def use(self, at):
        if self.begun is None or at >= self.begun + self.period:
            self.begun, self.used = at, 0
        allowed = self.used < self.most
        self.used += allowed
        return allowed


def rate(given):
    window = Window(given["max"], given["perSeconds"] * 1_000)
    return {"allowed": [window.use(at) for at in given["at"]]}


def email_codes(given):
    window, number, sent_at, open_, outcomes = Window(5, 15 * MINUTE), 0, 0, False, []
    for step in given["steps"]:
        at = step["after"]
        if step["do"] == "request":
            allowed = window.use(at)
            if allowed:
                number, sent_at, open_ = number + 1, at, True
            outcomes.append("sent" if allowed else "refused")
        elif not open_:
            outcomes.append("no-challenge")
        elif step["code"] == number and at < sent_at + 5 * MINUTE:
            open_ = False
            outcomes.append("accepted")
        else:
            outcomes.append("rejected")
    return {"outcomes": outcomes}


def lockout_count(given):
    policy = {"failedSignIns": 5, "otpFailuresPerFailedSignIn": 3, **given.get("policy", {})}
    failed = given["wrongPasswords"] + given["wrongCodes"] // policy["otpFailuresPerFailedSignIn"]
    return {"failedSignIns": failed, "locked": failed >= policy["failedSignIns"]}


class Account:
    def __init__(self):
        self.passwords = self.codes = 0
        self.locked, self.usable, self.asked = False, True, False

    def missed(self, outcome):
        self.locked = self.passwords + self.codes // 3 >= 5
        if self.locked:
            self.asked = False
        return "locked" if self.locked else outcome

    def password(self, right):
        if self.locked or not self.usable:
            return "refused"
        if right:
            self.asked = True
            return "code-asked"
        self.passwords += 1
        return self.missed("refused")

    def code(self, which):
        if self.locked:
            return "refused"
        if not self.asked:
            return "no-challenge"
        if which == "malformed":
            return "malformed"
        if which == "right":
            self.passwords = self.codes = 0
            self.asked = False
            return "signed-in"
        self.codes += 1
        self.asked = self.codes % 3 != 0
        return self.missed("wrong" if self.asked else "challenge-ended")

    def unlock(self):
        self.__init__()
        self.usable = False
        return "unlocked"

    def cancel(self):
        self.asked = False
        return "cancelled"

    def do(self, what):
        if what.endswith("-password"):
            return self.password(what == "right-password")
        if what.endswith("-code"):
            return self.code(what.removesuffix("-code"))
        if what == "wait-80-days":
            self.asked = False
            return "waited"
        return {"unlock": self.unlock, "cancel": self.cancel, "resend": lambda: "sent"}[what]()


def lockout_sequence(given):
    account, outcomes = Account(), []
    for step in given["steps"]:
        outcome = account.do(step["do"])
        outcomes.append({"outcome": outcome, "wrongPasswords": account.passwords, "wrongCodes": account.codes})
    return {"outcomes": outcomes}


ANSWERS = {
    "password-composition": composition,
    "password-expiry": expiry,
    "totp-code": totp,
    "totp-match": totp_match,
    "totp-replay": lambda given: {"accepted": given["step"] > given["lastAccepted"]},
    "totp-enrolment": enrolment,
    "code-form": lambda given: {"isCode": bool(re.fullmatch(f"[0-9]{{{given['digits']}}}", given["code"]))},
    "email-code": email_codes,
    "email-code-digits": lambda given: {"code": str(int(given["bytes"], 16) % 10 ** given["digits"]).zfill(given["digits"])},
    "rate-window": rate,
    "lockout-count": lockout_count,
    "lockout-sequence": lockout_sequence,
}
