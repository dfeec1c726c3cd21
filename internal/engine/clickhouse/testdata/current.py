"""Runs statements in the engine of ClickHouse that is inside chdb, and prints what those that ask answer.

Reads a JSON list of [name, statement] from standard input; writes a JSON object of answers, as TSV, by name.
The names begin with "ask " where there is an answer.
"""

import json
import sys

from chdb import session


def main():
    engine = session.Session()
    answers = {"version": engine.query("SELECT version()", "TSV").bytes().decode().strip()}
    for name, statement in json.load(sys.stdin):
        try:
            answer = engine.query(statement, "TSV")
        except Exception as error:
            sys.exit(f"{name}: {error}")
        if name.startswith("ask "):
            answers[name] = answer.bytes().decode()
    json.dump(answers, sys.stdout)


main()
