"""The form of a vector file. What the files say comes from the other modules of this package."""

FLAGS = ("edge", "unicode", "boundary", "interpretation")

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def vector(rule, case, given, expected, flags="", comment=""):
    """One vector. `flags` are words separated by blanks."""
    flags = flags.split()
    assert all(flag in FLAGS for flag in flags), flags
    entry = {"rule": rule, "case": case, "input": given, "expected": expected, "flags": flags}
    return {**entry, "comment": comment} if comment else entry


def group(name, about, vectors):
    """One file of vectors. No two of its cases have the same name."""
    names = [each["case"] for each in vectors]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(names) < 2_000 else []
    assert not twice, (name, twice)
    return {"group": name, "about": about, "vectors": vectors}
