"""What load tests add up to."""
import statistics


class Answered:
    """What a server did in several load tests: its CPU, and latencies as the clients saw them."""

    def __init__(self):
        self.cpu = self.calls = 0
        self.tests = []

    def measure(self, server, load_test):
        before = server.cpu_seconds()
        test = load_test()
        self.cpu += server.cpu_seconds() - before
        self.calls += test['calls']
        self.tests.append(test)

    def cpu_a_call(self):
        return self.cpu / self.calls * 1e6

    def median(self, *path):
        values = self.tests
        for name in path:
            values = [value[name] for value in values]
        return statistics.median(values)
