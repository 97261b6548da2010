"""What must be true of the choices that were made, whatever happened to the network and the daemon. Knows nothing of how
the daemon works: only what people chose, what stands on both sides, and what the service was told to do."""
import collections
import datetime

from chaos_people import LOCAL, ONLINE, PREFERENCES


def allowed(settled, choices):
    """The values that may stand on both sides, given what both agreed on before and what was chosen since."""
    last = {choice.side: choice.value for choice in choices}
    return set(last.values()) or {settled}


class Oracle:
    def __init__(self, log, companies):
        self.log, self.companies = log, companies
        self.settled = {}  # (company, preference): what both sides agreed on, and how many choices that was after
        self.checks, self.lone, self.agreed = 0, 0, 0

    def look(self, local, online, since, all_of_it=False):
        """After a run that began later than `since` and left nothing undone. Checks each preference that nobody has
        touched from then on."""
        for company in self.companies:
            for preference in PREFERENCES:
                choices = self.log.of(company, preference)
                if choices and choices[-1].after >= since:
                    assert not all_of_it, "people went on choosing"
                    continue
                self._check(company, preference, local[company][preference], online[company]["preferences"][preference])

    def _check(self, company, preference, local, online):
        choices = self.log.of(company, preference)
        value, count = self.settled.get((company, preference), (None, 0))
        new = choices[count:]
        may_be = allowed(value, new)
        story = f"{company} {preference}: agreed {value}, then {new}; now local {local}, online {online}"
        assert local == online, f"the sides differ. {story}"
        assert local in may_be, f"a choice was lost. {story}"
        assert local is None or any(choice.value == local for choice in choices), f"nobody chose that. {story}"
        self.settled[company, preference] = (local, len(choices))
        self.checks += 1
        self.lone += len({choice.side for choice in new}) == 1
        self.agreed += len(new) > 1 and len(may_be) == 1

    def look_at_operations(self, operations):
        """Each was done once; and of the local choices of a value, none was sent twice, under whatever id."""
        for operation in operations:
            assert operation["times_applied"] == 1, f"done twice: {operation}"
        sent = collections.Counter()
        for operation in operations:
            at = datetime.datetime.fromisoformat(operation["applied_at"].replace("Z", "+00:00")).timestamp()
            for preference, value in operation["set"].items():
                key = (operation["company"], preference, value)
                sent[key] += 1
                chosen = [choice for choice in self.log.of(*key[:2])
                          if choice.side == LOCAL and choice.value == value and choice.before <= at + 0.001]
                assert sent[key] <= len(chosen), \
                    f"sent {sent[key]} times, chosen {len(chosen)} times: {key} at {at}; {self.story(*key[:2], operations)}"

    def story(self, company, preference, operations):
        lines = [(choice.before, f"{choice.side} chose {choice.value}") for choice in self.log.of(company, preference)]
        for operation in operations:
            if operation["company"] == company and preference in operation["set"]:
                at = datetime.datetime.fromisoformat(operation["applied_at"].replace("Z", "+00:00")).timestamp()
                lines.append((at, f"service was sent {operation['set'][preference]} (version {operation['version']}, "
                                  f"repeated {operation['times_repeated']})"))
        return "\n".join(f"{at:.3f} {what}" for at, what in sorted(lines))

    def summary(self):
        sides = collections.Counter(choice.side for choices in self.log.choices.values() for choice in choices)
        return (f"{sides[LOCAL]} local and {sides[ONLINE]} online choices; {self.checks} times a preference was checked, "
                f"{self.lone} after choices of one side only, {self.agreed} after several that left one value possible")
