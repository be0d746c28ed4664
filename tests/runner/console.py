"""A process that runs a command and waits: something to be killed."""

import asyncio
import sys

from runner.plans import start

if __name__ == "__main__":

    async def wait() -> None:
        await start(sys.argv[1]).output()

    asyncio.run(wait())
