#!/usr/bin/python3 -B
"""Devices on a poor line: each sends its core dump at 1 KB/s, and the next one after the answer.

usage: slow_devices.py HOST PORT BODY_BYTES REQUESTS   (a line each: path, bearer token)

Prints "under way" when all of them send. It ends on SIGTERM, with 0 if until then no connection was lost
and every answer was 201.
"""

import asyncio
import signal
import sys

BYTES_A_SECOND = 1024


async def upload(host, port, path, token, size, sends):
    reader, writer = await asyncio.open_connection(host, port)
    writer.write((f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
                  f"Content-Length: {size}\r\n\r\n").encode())
    sends.set()
    left = size
    while left > 0:
        piece = min(left, BYTES_A_SECOND)
        writer.write(b"x" * piece)
        await writer.drain()
        left -= piece
        if left:
            await asyncio.sleep(1)
    answer = await reader.readline()
    writer.close()
    if answer.split()[1:2] != [b"201"]:
        raise ConnectionError(f"{path}: answered {answer!r}")


async def device(*arguments):
    while True:
        await upload(*arguments)


async def main(host, port, size, listing):
    with open(listing, encoding="ascii") as lines:
        requests = [line.split() for line in lines]
    sending = [asyncio.Event() for _ in requests]
    devices = [asyncio.create_task(device(host, int(port), path, token, int(size), sends))
               for (path, token), sends in zip(requests, sending)]
    everybody = asyncio.gather(*(sends.wait() for sends in sending))
    await asyncio.wait([everybody, *devices], return_when=asyncio.FIRST_COMPLETED)
    if everybody.done():
        print("under way", flush=True)
    told_to_end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told_to_end.set)
    ending = asyncio.create_task(told_to_end.wait())
    # A device's task ends only by failing.
    await asyncio.wait([ending, *devices], return_when=asyncio.FIRST_COMPLETED)
    for one in devices:
        if one.done():
            sys.exit(f"slow_devices: {one.exception()}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
