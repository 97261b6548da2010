#!/usr/bin/python3
"""Refuses an include that runs against the arrows between the rooms (docs/architecture.md)."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
MAY_USE = {
    "core": set(),
    "async": {"core"},
    "posix": {"core"},
    "sync": {"core"},
    "settings": {"core", "sync"},
    "agent": {"core", "async", "sync"},
    "store": {"core", "sync", "agent"},
    "installations": {"core", "async", "posix", "sync", "agent"},
    "service": {"core", "async", "posix", "sync", "agent"},
    "doctor": {"core", "sync", "agent", "settings", "service"},
    "telemetry": {"core", "async"},
    "control": {"core", "async", "sync", "agent", "telemetry"},
    "ui": {"core", "async"},
    "client": {"core", "settings", "installations", "ui"},
    "app": {"core", "async", "posix", "sync", "settings", "agent", "store", "installations", "service", "telemetry", "control",
            "doctor"},
    "main": {"core", "app", "client", "settings"},
}
SANDBOX_MAY_USE = {"flow": set(), "web": set(), "tls": set(), "store": {"flow"}, "signin": set(),
                   "words": {"flow"}, "api": {"flow", "store", "web"}, "mail": {"flow", "store", "words"},
                   "steps": {"flow", "store"}, "people": set(),
                   "pages": {"flow", "people", "signin", "steps", "store", "web", "words"},
                   "server": {"api", "mail", "pages", "people", "signin", "store", "tls", "web"},
                   "commands": {"flow", "mail", "people", "signin", "steps", "store", "web"}}
# A component owns its options; the settings fill them.
OPTIONS = {"agent/policy.hpp", "control/options.hpp", "telemetry/log_options.hpp"}
PORTS_ONLY = {"store", "installations", "service", "doctor"}
INCLUDE = re.compile(r'^\s*#include "([^"]+)"', re.MULTILINE)


def wrong(file, room, included):
    parts = included.split("/")
    if file.parts[0] == "sandbox":
        if parts[0] == "sandbox":
            return room in SANDBOX_MAY_USE and parts[1] != room and parts[1] not in SANDBOX_MAY_USE[room]
        return parts[0] != "core"
    if parts[0] == room:
        return False
    if room == "settings" and included in OPTIONS:
        return False
    if parts[0] not in MAY_USE[room]:
        return True
    if room == "client" and parts[0] == "installations":
        return included != "installations/proposals.hpp"  # it looks before there is a daemon to ask
    return room in PORTS_ONLY and parts[0] == "agent" and parts[1] != "ports.hpp"


# A coroutine without an owner loses its exceptions; a timer that never ends is an event (daemon/async).
LOOSE = re.compile(r"\bdetached\b|time_point::max\(\)|milliseconds::max\(\)")


def is_loose(file, text):
    return file.parts[:2] != ("daemon", "async") and file.parts[0] == "daemon" and LOOSE.search(text)


def main():
    found = []
    for top in ("daemon", "sandbox"):
        for path in sorted((ROOT / top).rglob("*.?pp")):
            file = path.relative_to(ROOT)
            room = file.parts[1]
            text = path.read_text()
            if is_loose(file, text):
                found.append(f"{file}: use TaskGroup and AsyncEvent (daemon/async), not {is_loose(file, text).group()}")
            for included in INCLUDE.findall(text):
                if wrong(file, room, included):
                    found.append(f"{file}: the room {room} may not use {included}")
    print("\n".join(found) or "every include follows the arrows")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
