"""Who can help whom with what (MNT-01 to MNT-11): the whole table, and who may act in DMS (MNT-08)."""

from .form import group, vector

DA, USER = "DelegatedAdministrator", "User"
PHASES = ["before-registration", "registration", "parallel-run", "decommissioned"]
CHANNELS = ["MobileApp", "Email", "none"]
NONE, SELF, ADMINISTRATORS, DA3, SCARD1 = "not-available", "self-service", "delegated-administrators", "DA 3", "SCard 1"

# need -> role -> phases, as routes from before registration to decommissioned. A text holds for every phase.
# `by-channel` is for what depends on the channel; see BY_CHANNEL.
TABLE = {
    "create-account": {
        DA: [(SCARD1, "MNT-06"), (SCARD1, "MNT-06"), (DA3, "MNT-06"), (DA3, "MNT-06")],
        USER: [(SCARD1, "MNT-07"), (SCARD1, "MNT-07"), (ADMINISTRATORS, "MNT-07"), (ADMINISTRATORS, "MNT-07")],
    },
    "delete-account": {
        DA: [(SCARD1, "MNT-06"), (SCARD1, "MNT-06"), (DA3, "MNT-06"), (DA3, "MNT-06")],
        USER: [(ADMINISTRATORS, "MNT-07")] * 4,
    },
    "change-profile": {
        DA: [(SCARD1, "MNT-06"), (SCARD1, "MNT-06"), (DA3, "MNT-06"), (DA3, "MNT-06")],
        USER: [(ADMINISTRATORS, "MNT-07")] * 4,
    },
    "register-email": {
        DA: [(NONE, "MIG-01"), (DA3, "MIG-01"), (DA3, "MIG-01"), (DA3, "MIG-01")],
        USER: [(NONE, "MIG-01"), (ADMINISTRATORS, "MIG-01"), (ADMINISTRATORS, "MIG-01"), (ADMINISTRATORS, "MIG-01")],
    },
    "assign-business-groups": {
        DA: [(NONE, "MNT-10"), (NONE, "MNT-10"), (NONE, "MNT-10"), (DA3, "MNT-10")],
        USER: [(ADMINISTRATORS, "MNT-10")] * 4,
    },
    "reset-smartcard-password": {DA: [(SCARD1, "MNT-05")] * 4, USER: [(ADMINISTRATORS, "MNT-05")] * 4},
}

# From launch on; before it there is no 2FA to be helped with (MIG-03). Channels: mobile app, email, none.
BY_CHANNEL = {
    "change-password": {DA: [(SELF, "MNT-01"), (SELF, "MNT-01"), (NONE, "ACC-03")], USER: [(SELF, "MNT-01"), (SELF, "MNT-01"), (NONE, "ACC-03")]},
    "reset-password": {
        DA: [(SELF, "MNT-02"), (DA3, "MNT-03"), (SELF, "ACC-01")],
        USER: [(SELF, "MNT-02"), (ADMINISTRATORS, "MNT-03"), (SELF, "ACC-01")],
    },
    "unlock": {DA: [(DA3, "MNT-04")] * 3, USER: [(ADMINISTRATORS, "MNT-04")] * 3},
    "change-device": {DA: [(SELF, "OTP-08"), (NONE, "OTP-09"), (NONE, "ACC-03")], USER: [(SELF, "OTP-08"), (NONE, "OTP-09"), (NONE, "ACC-03")]},
    "replace-lost-device": {
        DA: [(DA3, "OTP-09"), (NONE, "OTP-09"), (NONE, "ACC-03")],
        USER: [(ADMINISTRATORS, "OTP-09"), (NONE, "OTP-09"), (NONE, "ACC-03")],
    },
}

NEEDS = [
    "create-account",
    "delete-account",
    "change-profile",
    "register-email",
    "assign-business-groups",
    "change-password",
    "reset-password",
    "unlock",
    "change-device",
    "replace-lost-device",
    "reset-smartcard-password",
]


def route(need, role, channel, phase):
    if need in TABLE:
        return TABLE[need][role][PHASES.index(phase)]
    if phase in ("before-registration", "registration"):
        return (NONE, "MIG-03")
    return BY_CHANNEL[need][role][CHANNELS.index(channel)]


def table_group():
    vectors = []
    for need in NEEDS:
        for role in (DA, USER):
            for channel in CHANNELS:
                for phase in PHASES:
                    answer, rule = route(need, role, channel, phase)
                    given = {"need": need, "role": role, "channel": channel, "phase": phase}
                    vectors.append(vector(rule, f"{need}, {role}, {channel}, {phase}", given, {"route": answer, "rule": rule}))
    assert len(vectors) == 11 * 2 * 3 * 4
    return group("authority-table", "Who can help an account holder with a need, and how: every need, role, channel and phase.", vectors)


def actor_group():
    own_da, other_da = ("B01234X1", DA, "B01234"), ("C05678X1", DA, "C05678")
    user, colleague, stranger = ("B0123401", USER, "B01234"), ("B0123402", USER, "B01234"), ("C0567801", USER, "C05678")
    second_da = ("B01234X2", DA, "B01234")
    rows = [
        ("a DA unlocks a user of its own participant", own_da, user, "unlock", "MobileApp", "parallel-run", None),
        ("a user unlocks a colleague", colleague, user, "unlock", "MobileApp", "parallel-run", ("not-a-delegated-administrator", "MNT-08")),
        ("a user unlocks itself", user, user, "unlock", "MobileApp", "parallel-run", ("not-a-delegated-administrator", "MNT-08")),
        ("a DA unlocks another participant's user", own_da, stranger, "unlock", "MobileApp", "parallel-run", ("other-participant", "MNT-08")),
        ("another participant's DA unlocks a user", other_da, user, "unlock", "MobileApp", "parallel-run", ("other-participant", "MNT-08")),
        ("a DA unlocks another DA", own_da, second_da, "unlock", "MobileApp", "parallel-run", ("subject-is-an-administrator", "MNT-08")),
        ("a DA unlocks itself", own_da, own_da, "unlock", "MobileApp", "parallel-run", ("subject-is-an-administrator", "MNT-08")),
        ("a DA unlocks a user before launch", own_da, user, "unlock", "none", "registration", ("not-by-this-route", "MIG-03")),
        ("a DA creates a user before launch", own_da, user, "create-account", "none", "registration", ("not-by-this-route", "MNT-07")),
        ("a DA creates a user from launch", own_da, user, "create-account", "none", "parallel-run", None),
        ("a DA resets the password of a user of the app", own_da, user, "reset-password", "MobileApp", "parallel-run", ("not-by-this-route", "MNT-02")),
        ("a DA resets the password of a user with emailed codes", own_da, user, "reset-password", "Email", "parallel-run", None),
        ("a DA registers a user's email before registration begins", own_da, user, "register-email", "none", "before-registration", ("not-by-this-route", "MIG-01")),
        ("a DA registers a user's email", own_da, user, "register-email", "none", "registration", None),
        ("a DA assigns business user groups to a user", own_da, user, "assign-business-groups", "none", "before-registration", None),
    ]

    def person(parts):
        return dict(zip(("userId", "role", "participant"), parts))

    vectors = []
    for case, actor, subject, need, channel, phase, refused in rows:
        given = {"actor": person(actor), "subject": person(subject), "need": need, "channel": channel, "phase": phase}
        expected = {"allowed": True} if refused is None else {"allowed": False, "reason": refused[0], "rule": refused[1]}
        vectors.append(vector("MNT-08", case, given, expected, "interpretation"))
    return group("authority-in-dms", "Whether a person may do something for an account in DMS.", vectors)


GROUPS = (table_group, actor_group)
