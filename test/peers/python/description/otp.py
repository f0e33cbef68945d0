"""One-time codes: RFC 4226 and RFC 6238 with their own test values, and the readings OTP-04 to OTP-06, LOCK-06."""

import base64
import hashlib
import hmac

from .form import MINUTE, SECOND, group, vector

RFC_SECRET = b"1234567890" * 7
LENGTH = {"SHA1": 20, "SHA256": 32, "SHA512": 64}

# RFC 4226, appendix D.
RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]

# RFC 6238, appendix B: seconds, T, and the codes by algorithm.
RFC_6238 = [
    (59, 0x1, "94287082", "46119246", "90693936"),
    (1111111109, 0x23523EC, "07081804", "68084774", "25091201"),
    (1111111111, 0x23523ED, "14050471", "67062674", "99943326"),
    (1234567890, 0x273EF07, "89005924", "91819424", "93441116"),
    (2000000000, 0x3F940AA, "69279037", "90698825", "38618901"),
    (20000000000, 0x27BC86AA, "65353130", "77737706", "47863826"),
]

SHA1_SECRET = RFC_SECRET[:20]
STEP = 30 * SECOND


def hotp(secret, counter, digits=6):
    """RFC 4226, 5.3, for values that no appendix has; checked against appendix D below."""
    mac = hmac.new(secret, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = mac[-1] & 15
    return f"{(int.from_bytes(mac[offset:offset + 4], 'big') & 0x7FFFFFFF) % 10**digits:0{digits}d}"


assert [hotp(SHA1_SECRET, counter) for counter in range(10)] == RFC_4226


def code_group():
    vectors = []
    for counter, code in enumerate(RFC_4226):
        given = {"secret": SHA1_SECRET.hex(), "now": counter * STEP, "policy": {}}
        vectors.append(vector("OTP-04", f"RFC 4226, appendix D: count {counter}", given, {"step": counter, "code": code}))
    for seconds, step, *codes in RFC_6238:
        for algorithm, code in zip(LENGTH, codes):
            secret = RFC_SECRET[: LENGTH[algorithm]]
            given = {"secret": secret.hex(), "now": seconds * SECOND, "policy": {"algorithm": algorithm, "digits": 8}}
            vectors.append(vector("OTP-04", f"RFC 6238, appendix B: {algorithm} at {seconds} s", given, {"step": step, "code": code}))
    for now, step, case in [
        (0, 0, "the first millisecond of step 0"),
        (STEP - 1, 0, "the last millisecond of step 0"),
        (STEP, 1, "the first millisecond of step 1"),
        (2 * STEP - 1, 1, "the last millisecond of step 1"),
    ]:
        given = {"secret": SHA1_SECRET.hex(), "now": now, "policy": {}}
        vectors.append(vector("OTP-04", case, given, {"step": step, "code": RFC_4226[step]}, "boundary"))
    given = {"secret": SHA1_SECRET.hex(), "now": 119_999, "policy": {"periodSeconds": 60}}
    vectors.append(vector("OTP-04", "a period of 60 s: the last millisecond of step 1", given, {"step": 1, "code": RFC_4226[1]}, "boundary interpretation"))
    return group("totp-code", "The time step and the code of an authenticator app. `secret` in hexadecimal; without a policy SHA-1, 6 digits, 30 s.", vectors)


def match_group():
    step, code = 5, RFC_4226[5]
    secret = SHA1_SECRET.hex()
    begin = step * STEP
    rows = [
        ("in its own step", begin, code, step, {}, ""),
        ("one step early, from its first millisecond", begin - STEP, code, step, {}, "boundary"),
        ("a millisecond before that", begin - STEP - 1, code, None, {}, "boundary"),
        ("one step late, to its last millisecond", begin + 2 * STEP - 1, code, step, {}, "boundary"),
        ("a millisecond after that", begin + 2 * STEP, code, None, {}, "boundary"),
        ("another code", begin, "254677", None, {}, ""),
        ("without its leading zeros or digits", begin, "25467", None, {}, "edge"),
        ("a digit too many", begin, "0254676", None, {}, "edge"),
        ("full-width digits", begin, "２５４６７６", None, {}, "unicode"),
        ("a blank in it", begin, "254 676", None, {}, "edge"),
        ("no code", begin, "", None, {}, "edge"),
        ("no window: its own step", begin, code, step, {"windowSteps": 0}, "interpretation"),
        ("no window: the step after it", begin + STEP, code, None, {"windowSteps": 0}, "boundary interpretation"),
        ("two steps: two steps late", begin + 3 * STEP - 1, code, step, {"windowSteps": 2}, "boundary interpretation"),
        ("two steps: three steps late", begin + 3 * STEP, code, None, {"windowSteps": 2}, "boundary interpretation"),
    ]
    vectors = []
    for case, now, given_code, matched, policy, flags in rows:
        given = {"secret": secret, "code": given_code, "now": now, "policy": policy}
        vectors.append(vector("OTP-04", case, given, {"step": matched}, flags if "interpretation" in flags else f"{flags} interpretation"))
    return group("totp-match", "The step that a code fits within one step either side; `null` where it fits none.", vectors)


def replay_group():
    rows = [
        ("the step after the last accepted", 101, 100, True),
        ("the last accepted step again", 100, 100, False),
        ("a step before the last accepted", 99, 100, False),
        ("far later", 10_000, 100, True),
        ("step 1 after step 0", 1, 0, True),
        ("step 0 after step 0", 0, 0, False),
    ]
    vectors = [vector("OTP-05", case, {"step": step, "lastAccepted": last}, {"accepted": ok}, "boundary interpretation") for case, step, last, ok in rows]
    return group("totp-replay", "Whether a step may still be accepted: each is good once, the enrolment's included.", vectors)


def enrolment_group():
    base32 = base64.b32encode(SHA1_SECRET).decode().rstrip("=")
    assert base32 == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    return group(
        "totp-enrolment",
        "What an authenticator app needs: the secret in Base32 (RFC 4648), unpadded, and the parts of the `otpauth://` URI.",
        [
            vector(
                "OTP-04",
                "the defaults",
                {"secret": SHA1_SECRET.hex(), "label": "B0123401", "policy": {}},
                {
                    "secret": base32,
                    "scheme": "otpauth",
                    "type": "totp",
                    "label": "CCASS/CCMS:B0123401",
                    "parameters": {"issuer": "CCASS/CCMS", "secret": base32, "algorithm": "SHA1", "digits": "6", "period": "30"},
                },
                "interpretation",
            ),
            vector(
                "OTP-04",
                "another policy, and a secret of 32 bytes",
                {"secret": RFC_SECRET[:32].hex(), "label": "HKABC1X1", "policy": {"algorithm": "SHA256", "digits": 8, "periodSeconds": 60, "issuer": "Example"}},
                {
                    "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA",
                    "scheme": "otpauth",
                    "type": "totp",
                    "label": "Example:HKABC1X1",
                    "parameters": {"issuer": "Example", "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA", "algorithm": "SHA256", "digits": "8", "period": "60"},
                },
                "interpretation",
            ),
        ],
    )


def form_group():
    rows = [
        ("six digits", "123456", 6, True, ""),
        ("six zeros", "000000", 6, True, "edge"),
        ("five digits", "12345", 6, False, "boundary"),
        ("seven digits", "1234567", 6, False, "boundary"),
        ("no code", "", 6, False, "edge"),
        ("a letter", "12345a", 6, False, ""),
        ("a sign", "-12345", 6, False, "edge"),
        ("a blank behind it", "12345 ", 6, False, "edge"),
        ("a line break behind it", "123456\n", 6, False, "edge"),
        ("full-width digits", "１２３４５６", 6, False, "unicode"),
        ("Arabic digits", "١٢٣٤٥٦", 6, False, "unicode"),
        ("an exponent", "1e5000", 6, False, "edge"),
        ("eight digits of eight", "12345678", 8, True, "boundary"),
        ("seven digits of eight", "1234567", 8, False, "boundary"),
    ]
    vectors = [vector("LOCK-06", case, {"code": code, "digits": digits}, {"isCode": ok}, f"{flags} interpretation") for case, code, digits, ok, flags in rows]
    return group("code-form", "Whether a text is a one-time code at all. What is none is not verified and not counted.", vectors)


USER_ID = "B0123401"
SENT = 1_686_000_000_000


def _codes(case, rule, steps, flags="interpretation"):
    return vector(rule, case, {"sentAt": SENT, "steps": [step for step, _ in steps]}, {"outcomes": [outcome for _, outcome in steps]}, flags)


def _request(after, outcome):
    return {"do": "request", "after": after}, outcome


def _enter(after, code, outcome):
    return {"do": "enter", "after": after, "code": code}, outcome


def email_group():
    """An account that resets its password. Codes are numbered from 1 in the order in which they are sent; 0 is none of them."""
    first = _request(0, "sent")
    spent = [_request(i * SECOND, "sent") for i in range(5)]
    return group(
        "email-code",
        "Emailed codes of a password set-up. `after`: milliseconds since `sentAt`. `code`: which of the codes sent, from 1; 0 is a well-formed code that was not sent. Every code is entered into the newest challenge. Outcomes: `sent`, `refused` (no code is sent), `accepted`, `rejected` (counted), `no-challenge` (nothing is open).",
        [
            _codes("at once", "OTP-06", [first, _enter(0, 1, "accepted")]),
            _codes("its last millisecond", "OTP-06", [first, _enter(5 * MINUTE - 1, 1, "accepted")], "boundary interpretation"),
            _codes("five minutes later", "OTP-06", [first, _enter(5 * MINUTE, 1, "rejected")], "boundary interpretation"),
            _codes("another code", "OTP-06", [first, _enter(0, 0, "rejected"), _enter(1, 1, "accepted")]),
            _codes("the newest alone is good", "OTP-06", [first, _request(1, "sent"), _enter(2, 1, "rejected"), _enter(3, 2, "accepted")]),
            _codes("good once", "OTP-06", [first, _enter(1, 1, "accepted"), _enter(2, 1, "no-challenge")]),
            _codes("five codes in 15 minutes", "OTP-07", [*spent, _request(10 * SECOND, "refused"), _request(15 * MINUTE - 1, "refused"), _request(15 * MINUTE, "sent")], "boundary interpretation"),
            _codes("a request that is refused leaves the last code good", "OTP-07", [*spent, _request(10 * SECOND, "refused"), _enter(11 * SECOND, 5, "accepted")]),
            _codes("the period begins with the first request", "OTP-07", [first, *[_request(14 * MINUTE, "sent")] * 4, _request(15 * MINUTE - 1, "refused"), _request(15 * MINUTE, "sent")], "boundary interpretation"),
        ],
    )


def numeric_group():
    rows = [
        ("0000000000000000", 6, "000000", "nothing but zeros", "edge"),
        ("00000000000f423f", 6, "999999", "the highest number of six digits", "boundary"),
        ("00000000000f4240", 6, "000000", "one more", "boundary"),
        ("ffffffffffffffff", 6, "551615", "the highest number of 8 bytes: 18446744073709551615", "boundary"),
        ("ffffffffffffffff", 8, "09551615", "the same, of eight digits: leading zeros stay", "boundary"),
        ("0000000000000007", 8, "00000007", "leading zeros", ""),
    ]
    vectors = [vector("OTP-06", case, {"bytes": data, "digits": digits}, {"code": code}, f"{flags} interpretation") for data, digits, code, case, flags in rows]
    return group("email-code-digits", "A code from 8 random bytes: the big-endian number modulo a power of ten, with leading zeros.", vectors)


GROUPS = (code_group, match_group, replay_group, enrolment_group, form_group, email_group, numeric_group)
