"""The peers' side of the bench: runs tasks on request, one JSON line in and one out, so that ours and theirs can take turns."""
import json
import os
import re
import resource
import sys
import time


def peak_memory():
    """Largest resident memory of this process [bytes]; as peak.mjs."""
    if os.path.exists('/proc/self/status'):
        with open('/proc/self/status') as status:
            return 1024 * int(re.search(r'VmHWM:\s+(\d+) kB', status.read()).group(1))
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def serve(**tasks):
    """Answers {"task": name, ...arguments} with {"seconds": wall time, ...what the task returned}."""
    for line in sys.stdin:
        request = json.loads(line)
        task = tasks[request.pop('task')]
        start = time.perf_counter()
        answer = task(**request)
        seconds = time.perf_counter() - start
        print(json.dumps({'seconds': seconds, **answer}), flush=True)
