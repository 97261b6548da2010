#!/usr/bin/python3
"""The check of the arrows finds what it is there for: each wrong include that is planted in a copy of the house."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLANTED = {
    "daemon/sync/planted.cpp": "agent/ports.hpp",
    "daemon/store/planted.cpp": "agent/run.hpp",
    "daemon/control/planted.cpp": "store/open_store.hpp",
    "daemon/client/planted.cpp": "agent/status.hpp",
    "daemon/ui/planted.cpp": "client/language.hpp",
    "sandbox/flow/planted.cpp": "sandbox/store/office_store.hpp",
    "sandbox/api/planted.cpp": "sync/model.hpp",
}


def check(root):
    return subprocess.run([sys.executable, ROOT / "tests/check_arrows.py", root], text=True, stdout=subprocess.PIPE)


def main():
    for file, included in PLANTED.items():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / file
            path.parent.mkdir(parents=True)
            path.write_text(f'#include "{included}"\n')
            found = check(folder)
            assert found.returncode == 1 and f"{file}: " in found.stdout, (file, found.stdout)
            path.write_text('#include <string>\n#include "core/error.hpp"\n')
            assert check(folder).returncode == 0, file
    print(f"{len(PLANTED)} planted includes, all found")


if __name__ == "__main__":
    main()
