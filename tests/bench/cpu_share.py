"""How much of the CPUs this machine really has: what a host takes from its guests is often not in their steal time."""
import multiprocessing
import os
import time

GAP_NS = 1_000_000  # nothing that the machine itself does keeps a busy process away for as long


def spin(cpu, seconds, gaps):
    os.sched_setaffinity(0, {cpu})
    end = time.monotonic_ns() + int(seconds * 1e9)
    last, lost, longest = time.monotonic_ns(), 0, 0
    while last < end:
        now = time.monotonic_ns()
        if now - last > GAP_NS:
            lost += now - last
            longest = max(longest, now - last)
        last = now
    gaps.put((lost / (seconds * 1e9), longest / 1e9))


def taken(cpus, seconds=2):
    """With a busy process on each of these CPUs: the share of their time in which it did not run, and the longest such
    time in seconds."""
    gaps = multiprocessing.SimpleQueue()
    busy = [multiprocessing.Process(target=spin, args=(cpu, seconds, gaps)) for cpu in cpus]
    for process in busy:
        process.start()
    for process in busy:
        process.join()
    found = [gaps.get() for _ in busy]
    return sum(lost for lost, _ in found) / len(found), max(longest for _, longest in found)
