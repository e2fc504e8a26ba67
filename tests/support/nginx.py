"""nginx with the servers of a test, as a process that ends with it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin") or ""
_AROUND = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{servers}
}}
"""


@asynccontextmanager
async def running_nginx(folder: Path, servers: str, port: int) -> AsyncIterator[None]:
    """Run nginx with `servers` (what stands in its http block) until the end; they listen on `port` by then."""
    configuration = folder / "nginx.conf"
    configuration.write_text(_AROUND.format(folder=folder, servers=servers))
    process = await asyncio.create_subprocess_exec(NGINX, "-p", str(folder), "-c", str(configuration))
    try:
        async with asyncio.timeout(30):
            while not await _listens(port):
                assert process.returncode is None, "nginx refused the configuration; stderr says why"
                await asyncio.sleep(0.02)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
