"""Holds data files against the JSON Schema beside them: check_schemas.py SCHEMA FILE…

Prints one line a fault and exits with 1 where there is one.
"""

import json
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML as an editor sees it: a date is text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

with open(sys.argv[1], encoding="utf-8") as file:
    validator = jsonschema.Draft202012Validator(json.load(file))

faults = 0
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        for fault in validator.iter_errors(yaml.load(file, Loader)):
            print(f"{path}: {'.'.join(map(str, fault.absolute_path))}: {fault.message[:200]}")
            faults += 1
sys.exit(1 if faults else 0)
