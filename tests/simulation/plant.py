#!/usr/bin/python3
"""Plants the faults of plants.txt into copies of the agent's sources.

plant.py PLANTS SOURCE_DIR TARGET_DIR
A fault that does not fit the source any more is no error here: the test that looks for it says so.
"""
import pathlib
import sys


def read_plants(path):
    plants, one = [], {}
    for line in path.read_text().splitlines():
        key, _, value = line.partition(" ")
        if key == "plant":
            one = {"name": value}
            plants.append(one)
        elif key in ("in", "find", "put"):
            one[key] = value.strip()
    return plants


def main():
    plants_file, source, target = map(pathlib.Path, sys.argv[1:])
    texts, names, misfits = {}, [], []
    for plant in read_plants(plants_file):
        file = plant["in"]
        text = texts.get(file)
        if text is None:
            text = '#include "simulation/plants.hpp"\n' + (source / file).read_text()
        if text.count(plant["find"]) == 1:
            check = f'::samsynk::simulation::is_planted("{plant["name"]}")'
            text = text.replace(plant["find"], plant["put"].replace("{planted}", check))
            names.append(plant["name"])
        else:
            misfits.append(plant["name"])
        texts[file] = text
    for file, text in texts.items():
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_text(text)
    (target / "planted_names.inc").write_text(
        "".join(f'names.push_back("{name}");\n' for name in names)
        + "".join(f'names.push_back("{name} (does not fit the source any more: see plants.txt)");\n' for name in misfits))


main()
