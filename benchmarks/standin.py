"""A server that answers every call without thinking, to show how much the generator can send.

It parses only the message id; its answers carry what a charger needs to go on, and its faults
are for the tests of the generator. Run as `python -m benchmarks.standin`; prints its port.
"""

import argparse
import asyncio
import sys
from typing import Final

import uvloop
from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)

from benchmarks.load.process import raise_open_files_limit

FAULTS: Final = ("none", "wrong-id", "callerror", "silent", "close")
_TIME = b'{"currentTime":"2026-01-01T00:00:00.000Z"}'
_ANSWERS: Final = {
    b"Heartbeat": _TIME,
    b"StatusNotification": b"{}",
    b"MeterValues": b"{}",
    b"BootNotification": b'{"currentTime":"2026-01-01T00:00:00.000Z","interval":300,"status":"Accepted"}',
    b"Authorize": b'{"idTagInfo":{"status":"Accepted"}}',
    b"StartTransaction": b'{"idTagInfo":{"status":"Accepted"},"transactionId":7}',
    b"StopTransaction": b"{}",
}


class StandIn(WSListener):
    """Answers CALLs by table; every `fault_every`-th Heartbeat shows the given fault."""

    def __init__(self, fault: str, fault_every: int) -> None:
        self._fault = fault
        self._fault_every = fault_every
        self._heartbeats = 0

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Answer one call; a CLOSE is answered with a CLOSE."""
        if frame.msg_type != WSMsgType.TEXT:
            if frame.msg_type == WSMsgType.CLOSE:
                transport.send_close(WSCloseCode.OK)
                transport.disconnect()
            return
        # [2,"<id>","<action>",...
        parts = frame.get_payload_as_bytes().split(b'"', 4)
        message_id, action = parts[1], parts[3]
        if action == b"Heartbeat" and self._fault != "none":
            self._heartbeats += 1
            if self._heartbeats % self._fault_every == 0:
                self._misbehave(transport, message_id)
                return
        transport.send(WSMsgType.TEXT, b'[3,"%b",%b]' % (message_id, _ANSWERS[action]))

    def _misbehave(self, transport: WSTransport, message_id: bytes) -> None:
        match self._fault:
            case "wrong-id":
                transport.send(WSMsgType.TEXT, b'[3,"x%b",{}]' % message_id)
            case "callerror":
                transport.send(WSMsgType.TEXT, b'[4,"%b","InternalError","",{}]' % message_id)
            case "silent":
                return
            case _:
                transport.send_close(WSCloseCode.INTERNAL_ERROR)
                transport.disconnect()


async def serve(fault: str = "none", fault_every: int = 1) -> asyncio.Server:
    """Listen on a free port of the loopback address."""

    def accept(request: WSUpgradeRequest) -> WSUpgradeResponseWithListener:
        response = WSUpgradeResponse.create_101_response({"Sec-WebSocket-Protocol": "ocpp1.6"})
        return WSUpgradeResponseWithListener(response, StandIn(fault, fault_every))

    return await ws_create_server(
        accept,
        "127.0.0.1",
        0,
        backlog=4096,
        websocket_handshake_timeout=60,
        read_buffer_init_size=2048,
    )


async def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fault", choices=FAULTS, default="none")
    parser.add_argument("--fault-every", type=int, default=1)
    arguments = parser.parse_args()
    raise_open_files_limit()
    server = await serve(arguments.fault, arguments.fault_every)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_main())
