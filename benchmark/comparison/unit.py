"""Runs commands at the same time and writes the total time: python -m comparison.unit RESULT.json COMMANDS.json

It is a separate process, so that the waiting time of a launcher (taskset, a queue for a shared machine) is not measured.
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
