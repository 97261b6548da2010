"""A network that breaks, between the daemon and the service: it cuts, stalls and slows what it can't read (TLS)."""
import asyncio
import collections
import contextlib
import dataclasses
import socket
import struct
import threading

UP, DOWN = "up", "down"  # from the daemon to the service, and back
# How often each is meant, of a hundred; drawn for each connection, and again where one has lived for a while.
WEIGHTS = {"nothing": 24, "reset": 4, "cut": 14, "end": 6, "stall": 6, "pause": 6, "slow": 6, "drop_answer": 10,
           "drop_large_answer": 24}
A_WHILE = 12  # questions and answers
LARGE = 600  # bytes in one turn, encrypted: no request without a body has that many
AWAY = (0.05, 0.4)  # seconds in which connections are refused


class Cut(Exception):
    """The connection ends here. `hard`: with a reset, else as if the other side had closed it."""

    def __init__(self, hard=True):
        self.hard = hard


@dataclasses.dataclass
class Fault:
    kind: str
    direction: str = UP
    after: int = 0  # bytes that still pass in that direction
    turn: int = 0  # the answer of which question is meant; the first is TLS's own hello
    seconds: float = 0.0


def draw(random):
    kind = random.choices(list(WEIGHTS), WEIGHTS.values())[0]
    return Fault(kind, random.choice((UP, DOWN)), int(random.triangular(0, 12000, 1500)), random.randint(2, 12),
                 random.choice((0.02, 0.1, 0.3, 1.2)))


class Link:
    """One connection, with what will go wrong with it."""

    def __init__(self, proxy, fault, client, server):
        self.proxy, self.fault, self.client, self.server = proxy, fault, client, server
        self.passed, self.turns, self.asked, self.last = collections.Counter(), 0, 0, DOWN

    async def run(self):
        pumps = [asyncio.ensure_future(self._pump(UP, self.client, self.server)),
                 asyncio.ensure_future(self._pump(DOWN, self.server, self.client))]
        try:
            # Either side may close one way only, but neither of ours does.
            done, _ = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in done:
                with contextlib.suppress(OSError):
                    pump.result()
        except Cut as cut:
            await self._cut(cut.hard)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            self.client.close()
            self.server.close()

    def end(self):
        for side in (self.client, self.server):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    async def _pump(self, direction, source, sink):
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(source, 65536):
            if direction != self.last:
                self.last = direction
                if direction == UP:
                    self.turns, self.asked = self.turns + 1, 0
                    if self.turns % A_WHILE == 0:
                        self._draw_again()
            if direction == UP:
                self.asked += len(data)
            passing = data if self.proxy.calm else await self._harm(direction, data)
            self.passed[direction] += len(passing)
            await loop.sock_sendall(sink, passing)
            if len(passing) < len(data):
                raise Cut(self.fault.kind == "cut")

    def _draw_again(self):
        self.fault = draw(self.proxy.random)
        self.fault.after += self.passed[self.fault.direction]
        self.fault.turn += self.turns

    # What passes of the data; a Cut where none of it does.
    async def _harm(self, direction, data):
        fault = self.fault
        if fault.kind == "slow":
            await asyncio.sleep(0.01)
            self.proxy.bit["slow"] += 1
        if fault.kind in ("cut", "end", "stall", "pause") and direction == fault.direction:
            return await self._at_byte(direction, data)
        answer = direction == DOWN and self.turns > 1
        if fault.kind == "drop_answer" and answer and self.turns >= fault.turn:
            self._bite()
            raise Cut
        if fault.kind == "drop_large_answer" and answer and self.asked > LARGE:
            self._bite()
            raise Cut
        return data

    async def _at_byte(self, direction, data):
        fault, left = self.fault, self.fault.after - self.passed[direction]
        if left > len(data):
            return data
        if fault.kind in ("cut", "end"):
            self._bite()
            return data[:max(left, 0)]
        if left >= 0:
            self._bite()
            await asyncio.sleep(fault.seconds)
            if fault.kind == "stall":
                raise Cut
        fault.after = -1
        return data

    def _bite(self):
        self.proxy.bit[self.fault.kind] += 1

    # The daemon's side ends at once; the service gets the time to do what has been asked of it.
    async def _cut(self, hard):
        if hard:
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client.close()
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            while await asyncio.wait_for(loop.sock_recv(self.server, 65536), 0.2):
                pass


class Proxy:
    """Listens on a port of its own, in a thread of its own. `bit` counts the harm done, by kind."""

    def __init__(self, random, upstream_port):
        self.random, self.upstream_port, self.calm = random, upstream_port, False
        self.bit, self.links = collections.Counter(), set()
        self.loop, self.tasks = asyncio.new_event_loop(), set()
        self.listener = self._listen()
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self.thread.start()
        return self

    def quieten(self):
        """Faults end, and so does every connection that has one."""
        self.calm = True
        self.loop.call_soon_threadsafe(lambda: [link.end() for link in list(self.links)])

    def stop(self):
        self.loop.call_soon_threadsafe(self.serving.cancel)
        self.thread.join(10)

    # Bound to a number, not to any free one: so the port stays ours also while it doesn't listen.
    @staticmethod
    def _listen():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        listener.setblocking(False)
        return listener

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.serving = self.loop.create_task(self._serve())
        with contextlib.suppress(asyncio.CancelledError):
            self.loop.run_until_complete(self.serving)
        for task in self.tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*self.tasks, return_exceptions=True))
        self.listener.close()
        self.loop.close()

    async def _serve(self):
        while True:
            client, _ = await self.loop.sock_accept(self.listener)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = self.loop.create_task(self._take(client, Fault("nothing") if self.calm else draw(self.random)))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
            if not self.calm and self.random.random() < 0.02:
                await self._be_away()

    async def _be_away(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.bit["refused"] += 1
        await asyncio.sleep(self.random.uniform(*AWAY))
        self.listener.listen(64)

    async def _take(self, client, fault):
        if fault.kind == "reset":
            self.bit["reset"] += 1
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
            return
        server = socket.socket()
        server.setblocking(False)
        try:
            await self.loop.sock_connect(server, ("127.0.0.1", self.upstream_port))
        except OSError:
            client.close()
            server.close()
            return
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link = Link(self, fault, client, server)
        self.links.add(link)
        try:
            await link.run()
        finally:
            self.links.discard(link)
