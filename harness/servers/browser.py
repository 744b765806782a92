"""A headless Chromium that opens a page and says what became of it, over the DevTools protocol.

Chromium speaks the protocol over two pipes, so that no port is opened and no package is needed.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from harness.servers.lookup import installed

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE_S = 60.0
_OPTIONS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
)


class BrowserFailed(RuntimeError):
    """The browser did not start, ended, or refused a command."""


@dataclass(frozen=True)
class View:
    """How a page is looked at: width in CSS pixels, theme, and screen or paper."""

    width: int = 1280
    height: int = 900
    theme: str = "light"
    medium: str = "screen"


@dataclass
class Page:
    """One open page; what it asked for and complained about since it was opened."""

    browser: Browser
    session: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str, view: View) -> None:
        """Load ``address`` under that view and wait until it is there."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=view.width,
            height=view.height,
            deviceScaleFactor=1,
            mobile=view.width < 600,
        )
        theme = {"name": "prefers-color-scheme", "value": view.theme}
        self.call("Emulation.setEmulatedMedia", media=view.medium, features=[theme])
        self.requests.clear()
        self.complaints.clear()
        self.browser.seen.clear()
        self.call("Page.navigate", url=address)
        self.browser.wait_for("Page.loadEventFired", self)

    def evaluate(self, script: str) -> Any:
        """Return the value of a JavaScript expression, awaited where it is a promise."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise BrowserFailed(str(answer["exceptionDetails"])[:2_000])
        return answer["result"].get("value")

    def picture(self, file: Path) -> None:
        """Write a PNG of the whole page."""
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        file.write_bytes(base64.b64decode(data))

    def call(self, method: str, **parameters: Any) -> Mapping[str, Any]:
        return self.browser.call(method, parameters, self)

    def note(self, method: str, said: Mapping[str, Any]) -> None:
        """Keep what matters of one event."""
        if method == "Network.requestWillBeSent":
            self.requests.append(said["request"]["url"])
        elif method in ("Runtime.exceptionThrown", "Log.entryAdded"):
            self.complaints.append(json.dumps(said)[:2_000])
        elif method == "Runtime.consoleAPICalled" and said["type"] in ("error", "warning"):
            self.complaints.append(json.dumps(said["args"])[:2_000])


class Browser:
    """The two pipes: commands with numbers go down, answers and events come up."""

    def __init__(self, process: subprocess.Popen[bytes], down: int, up: int) -> None:
        self._process, self._down, self._up = process, down, up
        self._rest, self._number = b"", 0
        self._selector = DefaultSelector()
        self._selector.register(up, EVENT_READ)
        self.seen: list[str] = []

    def page(self) -> Page:
        """Return a new empty page."""
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        page = Page(self, attached["sessionId"])
        for domain in ("Page", "Network", "Runtime", "Log"):
            page.call(f"{domain}.enable")
        return page

    def call(
        self, method: str, parameters: Mapping[str, Any], page: Page | None = None
    ) -> Mapping[str, Any]:
        """Return the answer to one command."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if page:
            message["sessionId"] = page.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._down, data) :]
        for said in self._messages(page):
            if said.get("id") == self._number:
                if "error" in said:
                    raise BrowserFailed(f"{method}: {said['error']}")
                return said["result"]
        raise BrowserFailed(f"{method}: no answer in {_PATIENCE_S:g} s")

    def wait_for(self, event: str, page: Page) -> None:
        if event not in self.seen and not any(
            said.get("method") == event for said in self._messages(page)
        ):
            raise BrowserFailed(f"{event} did not come in {_PATIENCE_S:g} s")

    def _messages(self, page: Page | None) -> Iterator[Mapping[str, Any]]:
        end = time.monotonic() + _PATIENCE_S
        while True:
            while b"\0" in self._rest:
                text, _, self._rest = self._rest.partition(b"\0")
                said = json.loads(text)
                if "method" in said:
                    self.seen.append(said["method"])
                    if page and said.get("sessionId") == page.session:
                        page.note(said["method"], said["params"])
                yield said
            if not self._selector.select(max(0.0, end - time.monotonic())):
                return
            data = os.read(self._up, 1 << 20)
            if not data:
                raise BrowserFailed(f"the browser ended with {self._process.poll()}")
            self._rest += data


def find() -> str | None:
    """Return the path of an installed Chromium."""
    found = installed(*NAMES)
    return str(found) if found else None


@contextmanager
def running(program: str) -> Iterator[Browser]:
    """Yield a browser with an empty profile; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bp-browser-", ignore_cleanup_errors=True) as folder:
        command_read, down = os.pipe()
        up, answer_write = os.pipe()
        # The browser expects its ends at the descriptors 3 and 4.
        shell = f'exec "$0" "$@" 3<&{command_read} 4>&{answer_write}'
        process = subprocess.Popen(
            ["/bin/bash", "-c", shell, program, *_OPTIONS, f"--user-data-dir={folder}"],
            pass_fds=(command_read, answer_write),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        os.close(command_read)
        os.close(answer_write)
        try:
            yield Browser(process, down, up)
        finally:
            os.close(down)
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(up)
