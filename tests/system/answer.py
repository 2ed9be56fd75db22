#!/usr/bin/env python3
"""The simplest program behind model.command: of each record the mean of its inputs (docs/own-model.md, "Anything that answers")."""
import json
import sys

for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps({"id": question["id"], "values": [sum(x) / len(x) for x in question["inputs"]]}), flush=True)
