"""The network between stages and brokers: TCP proxies on loopback that can delay, stop forwarding, or cut connections."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psutil

HOST = "127.0.0.1"


@dataclass(eq=False)
class Link:
    """One connection of a client to a broker through its proxy."""

    broker: int
    client_port: int
    _pid: int | None = None

    @property
    def pid(self) -> int:
        """The client's process; 0 when it is gone."""
        if self._pid is None:
            ends = psutil.net_connections("tcp4")
            found = (c.pid for c in ends if c.laddr and c.laddr.port == self.client_port and c.raddr)
            self._pid = next((pid for pid in found if pid), 0)
        return self._pid


Chosen = Callable[[Link], bool]


class Network:
    """A proxy in front of every broker. `targets[n]` tells the port of broker n, which may change when it is started again.

    `blocked`, `cut` and `delay` are set by a fault and taken back by `restore`.
    """

    def __init__(self, targets: Sequence[Callable[[], int]]) -> None:
        self._targets = targets
        self.ports: list[int] = []
        self.delay = 0.0
        """Seconds that every piece of data takes, in each direction."""
        self._blocked: Chosen | None = None
        self._cut: Chosen | None = None
        self._links: dict[Link, list[asyncio.StreamWriter]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)

    def start(self) -> None:
        self._thread.start()
        for number in range(len(self._targets)):
            serving = asyncio.run_coroutine_threadsafe(self._serve(number), self._loop)
            self.ports.append(serving.result(10))

    def stop(self) -> None:
        async def end() -> None:
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for server in self._servers:
                server.close()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def block(self, chosen: Chosen) -> None:
        """Forward nothing of the chosen connections in either direction, and let no such connection be made: as if packets were dropped."""
        self._blocked = chosen

    def cut(self, chosen: Chosen) -> None:
        """Reset the chosen connections, and every new one."""
        self._cut = chosen

        def reset() -> None:
            for link, writers in list(self._links.items()):
                if chosen(link):
                    for writer in writers:
                        writer.transport.abort()

        self._loop.call_soon_threadsafe(reset)

    def restore(self) -> None:
        """Be a good network again. What was held back goes on its way."""
        self._blocked = self._cut = None
        self.delay = 0.0

    _servers: list[asyncio.Server]

    async def _serve(self, number: int) -> int:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._connect(Link(number, writer.get_extra_info("peername")[1]), reader, writer)

        server = await asyncio.start_server(accept, HOST, 0)
        self._servers = [*getattr(self, "_servers", []), server]
        return int(server.sockets[0].getsockname()[1])

    async def _connect(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers = [writer]
        self._links[link] = writers
        try:
            if self._cut is not None and self._cut(link):
                writer.transport.abort()
                return
            await self._open(link)
            there, back = await asyncio.open_connection(HOST, self._targets[link.broker]())
            writers.append(back)
            ways = [
                asyncio.ensure_future(self._carry(link, reader, back)),
                asyncio.ensure_future(self._carry(link, there, writer)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        except OSError:
            pass
        finally:
            del self._links[link]
            for each in writers:
                each.transport.abort()

    async def _open(self, link: Link) -> None:
        while (blocked := self._blocked) is not None and blocked(link):
            await asyncio.sleep(0.02)

    async def _carry(self, link: Link, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(1_000)

        async def deliver() -> None:
            while True:
                due, data = await under_way.get()
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                await self._open(link)
                to.write(data)
                await to.drain()
                if not data:
                    return

        delivering = asyncio.ensure_future(deliver())
        try:
            while data := await source.read(65_536):
                await under_way.put((time.monotonic() + self.delay, data))
            # What is under way still arrives when one end has closed.
            await under_way.put((time.monotonic() + self.delay, b""))
            await delivering
        except OSError:
            pass
        finally:
            delivering.cancel()
