"""A name server for one name, as a cluster's is for a headless Service: it answers with the addresses that are ready."""
import socket
import struct
import threading


class Names:
    """Answers on loopback until its `with` block ends; `ready` may change at any time."""

    def __init__(self):
        self.ready = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', 0))
        self.address = f'127.0.0.1:{self.socket.getsockname()[1]}'
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.socket.sendto(b'', self.socket.getsockname())  # wakes it
        self.thread.join()
        self.socket.close()

    def serve(self):
        while True:
            query, client = self.socket.recvfrom(512)
            if not query:
                return
            self.socket.sendto(self.answer(query), client)

    def answer(self, query):
        """RFC 1035, 4.1: the query's id and question again, and an A record for each address that is ready."""
        question = query[12:query.index(b'\0', 12) + 5]
        is_a = question[-4:-2] == b'\0\1'
        records = [b'\xc0\x0c' + struct.pack('>HHIH', 1, 1, 0, 4) + socket.inet_aton(address)
                   for address in (self.ready if is_a else ())]
        return query[:2] + struct.pack('>HHHHH', 0x8180, 1, len(records), 0, 0) + question + b''.join(records)
