"""Runs a command to its end: prints its wall time, CPU time and largest memory as one line of JSON, after its output."""
import json
import os
import subprocess
import sys
import time

start = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
output = child.stdout.read()
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - start
sys.stdout.write(output.decode())
print()
code = os.waitstatus_to_exitcode(status)
# Kilobytes on Linux, bytes on macOS.
scale = 1 if sys.platform == "darwin" else 1024
memory = usage.ru_maxrss * scale
cpu = usage.ru_utime + usage.ru_stime
print(json.dumps({"seconds": seconds, "cpu": cpu, "memory": memory, "code": code}))
