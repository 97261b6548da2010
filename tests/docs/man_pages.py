"""The man pages as the tests of them read them."""

import re

from tools import ROOT

OF_PROGRAMS = {"samsynk.1.scd": "samsynk", "sv/samsynk.1.scd": "samsynk", "samsynkd.8.scd": "samsynkd",
               "samsynk-sandbox.1.scd": "samsynk-sandbox"}


def page(name):
    return (ROOT / "docs/man" / name).read_text()


def entries(text):
    """What stands under each bold term at the left edge, its own line included."""
    parts = re.split(r"^(?=\*[^*]+\*)", text, flags=re.M)[1:]
    return {re.match(r"\*([^*]+)\*", part)[1]: re.split(r"^# ", part, flags=re.M)[0] for part in parts}
