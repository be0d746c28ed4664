"""The console itself, which also writes into a file when a frame with something in it went to the terminal.

Two moments: the first frame with the panes in it, and the first one whose pods pane has all the rows. It is the shipped
command line and App; only the terminal driver's `write` is looked at, and left alone again after the last moment.
    python -m benchmarks.probe FILE PODS [arguments of warroom]
"""

import json
import sys
import time
from pathlib import Path
from typing import Any


def main() -> int:
    file, wanted = Path(sys.argv[1]), int(sys.argv[2])
    import textual.drivers.linux_driver as drivers

    driver: Any = drivers.LinuxDriver
    write = driver.write
    told: dict[str, object] = {}

    def look(self: Any, data: str) -> None:
        write(self, data)
        app = self._app
        if "first" not in told and "severity" in data and "pods" in data:
            held_back = ("kubernetes", "aiohttp")
            told["first"] = time.monotonic()
            told["modules"] = sorted(name for name in sys.modules if name.partition(".")[0] in held_back)
            file.write_text(json.dumps(told))
        pods = app.world.pods
        if pods.at is not None and len(pods.value) >= wanted and app.screen.query_one("#pods").table.count() >= wanted:
            told["listed"] = time.monotonic()
            driver.write = write
            file.with_suffix(".new").write_text(json.dumps(told))
            file.with_suffix(".new").rename(file)

    driver.write = look
    from warroom.cli.main import run

    return run(sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
