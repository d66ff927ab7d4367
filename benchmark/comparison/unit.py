"""Runs commands side by side and writes how long they took in all: python -m comparison.unit RESULT.json COMMANDS.json

A process of its own, so that a launcher (taskset, a queue for a machine that is shared) can stand before it and its waiting is not measured.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    result, plan = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    load = os.getloadavg()[0]
    began = time.perf_counter()
    running = []
    for number, command in enumerate(plan["commands"]):
        log = open(f"{result}.{number}.log", "w")
        environment = os.environ | plan["environment"]
        running.append(subprocess.Popen(command, cwd=plan["folder"], env=environment, stdout=log, stderr=log))
    failed = [process.args for process in running if process.wait() != 0]
    seconds = time.perf_counter() - began
    if failed:
        sys.exit(f"{failed} failed; see {result}.*.log")
    result.write_text(json.dumps({"seconds": seconds, "load_before": load}))


if __name__ == "__main__":
    main()
