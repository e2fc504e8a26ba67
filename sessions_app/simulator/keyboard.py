"""The lines a person types, without keeping the program from anything else."""

import asyncio
import codecs
import os
from collections.abc import AsyncIterator

CHUNK_BYTES = 4096


async def read_lines(descriptor: int) -> AsyncIterator[str]:
    """Yield each line as it is entered into a terminal or a pipe, until it ends."""
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    rest = ""
    loop.add_reader(descriptor, lambda: chunks.put_nowait(os.read(descriptor, CHUNK_BYTES)))
    try:
        while chunk := await chunks.get():
            *lines, rest = (rest + decoder.decode(chunk)).split("\n")
            for line in lines:
                yield line
    finally:
        loop.remove_reader(descriptor)
