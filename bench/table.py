"""The table that is printed: what was measured, beside what, as a ratio, and whether that is what is wanted."""


def seconds(value):
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


class Table:
    def __init__(self):
        self.missed, self.passed = 0, 0

    def heading(self, text, note=""):
        print(f"\n{text}" + (f"   ({note})" if note else ""), flush=True)

    def ratio(self, name, ours, other_name, other, at_most=None):
        """Times, and how much of the other's ours is."""
        share = ours / other
        self._line(name, seconds(ours), f"{other_name} {seconds(other)}", f"{share:.2f} x",
                   None if at_most is None else (share <= at_most, f"at most {at_most:.2f} x"))

    def value(self, name, text, value=None, at_most=None, wanted=""):
        """A figure by itself; `at_most` in the unit of `value`."""
        self._line(name, text, "", "", None if at_most is None else (value <= at_most, wanted))

    def note(self, text):
        print(f"  {text}", flush=True)

    def _line(self, name, ours, other, share, verdict):
        mark = ""
        if verdict:
            good, wanted = verdict
            mark = f"{'PASS' if good else 'missed':7} {wanted}"
            self.passed, self.missed = self.passed + good, self.missed + (not good)
        print(f"  {name:46} {ours:>11}  {other:28} {share:>9}  {mark}".rstrip(), flush=True)

    def sum_up(self):
        print(f"\n{self.passed} targets met, {self.missed} missed")
