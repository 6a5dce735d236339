"""Runs a program, and writes what it and every process that it began have taken: metered.py RESULT PROGRAM ARGUMENT..."""

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time

PR_SET_CHILD_SUBREAPER = 36
# How long processes that a program leaves behind may go on before they are ended, in seconds.
PATIENCE = 40


def proportional(pid):
    """The memory of a process in kB; what it shares with others counts in parts."""
    try:
        with open('/proc/%s/smaps_rollup' % pid) as file:
            return next(int(line.split()[1]) for line in file if line.startswith('Pss:'))
    except (OSError, StopIteration):
        return 0


def below(ancestor):
    """Every process that descends from this one, but for itself."""
    children = {}
    for entry in os.listdir('/proc'):
        if entry.isdigit():
            try:
                with open('/proc/%s/stat' % entry) as file:
                    children.setdefault(int(file.read().rsplit(')', 1)[1].split()[1]), []).append(int(entry))
            except OSError:
                pass
    found = list(children.get(ancestor, []))
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def watch(peak, ended):
    """Keeps the most memory of all processes together, in kB. Looking takes at most a twentieth of the time."""
    pause = 0.1
    while not ended.wait(pause):
        begun = time.monotonic()
        peak[0] = max(peak[0], sum(proportional(pid) for pid in below(os.getpid())))
        pause = max(0.25, 20 * (time.monotonic() - begun))


def main(result, argv):
    # A daemon that a program leaves behind becomes a child of this process, and so is counted too.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    peak, ended = [0], threading.Event()
    threading.Thread(target=watch, args=(peak, ended), daemon=True).start()
    begun = time.monotonic()
    program = subprocess.Popen(argv)
    code = program.wait()
    wall = time.monotonic() - begun
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)
                if time.monotonic() - begun - wall > PATIENCE:
                    for pid in below(os.getpid()):
                        os.kill(pid, 15)
        except ChildProcessError:
            break
    ended.set()
    taken = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(result, 'w') as file:
        json.dump({'code': code, 'wall': wall, 'cpu': taken.ru_utime + taken.ru_stime,
                   'memory': max(peak[0], taken.ru_maxrss) / 1024}, file)


main(sys.argv[1], sys.argv[2:])
