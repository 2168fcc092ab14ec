import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from app.data import tool_context
from app.files.universes import load_universes
from app.served.map_page import map_page
from app.served.pictures import map_data
from app.settings import Settings
from core.records.sectors import HeatmapResult
from tools.sectors.heatmap import sector_heatmap

FORBIDDEN = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(",
    "fetch(", "XMLHttpRequest", "WebSocket", "import(", "localStorage", "cookie",
)  # fmt: skip


def inside(tag: str) -> str:
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", map_page(), flags=re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def policy() -> dict[str, list[str]]:
    stated = re.search(r'Content-Security-Policy" content="([^"]*)"', map_page())
    assert stated is not None
    rules = (rule.split() for rule in stated.group(1).split(";"))
    return {name: values for name, *values in rules}


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else() -> None:
    assert policy() == {
        "default-src": ["'none'"],
        "script-src": [hashed(inside("script"))],
        "style-src": [hashed(inside("style"))],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }


def test_the_page_holds_no_address_and_makes_no_markup_of_data() -> None:
    page = map_page()
    assert not re.search(r"(https?|wss?|ftp|file):|//[a-z]+\.", page)
    assert [word for word in FORBIDDEN if word in page] == []
    assert " style=" not in page
    assert not re.search(r"\son[a-z]+=", page)


def test_the_page_is_whole() -> None:
    page = map_page()
    assert page.startswith("<!doctype html>")
    assert "$" + "script" not in page
    used = set(re.findall(r'at\("([a-z]+)"\)', page))
    assert used <= set(re.findall(r'id="([a-z]+)"', page))


HOST = """<!doctype html><body><img src="/wait" alt=""><iframe id="view" sandbox="allow-scripts"
 style="width:700px;height:900px" srcdoc="{page}"></iframe><script>
const answer = {answer};
const context = {{ hostCapabilities: {{ serverTools: {{}} }}, hostContext: {{ theme: "light" }} }};
window.addEventListener("message", (event) => {{
  const said = event.data;
  const say = (message) => event.source.postMessage({{ jsonrpc: "2.0", ...message }}, "*");
  if (said.method === "ui/initialize") say({{ id: said.id, result: context }});
  if (said.method === "ui/notifications/size-changed") fetch("/height/" + said.params.height);
  if (said.method !== "ui/notifications/initialized") return;
  say({{ method: "ui/notifications/tool-input", params: {{ arguments: {{}} }} }});
  say({{ method: "ui/notifications/tool-result", params: {{ structuredContent: answer }} }});
}});
</script>"""
DRAWN_PX = 500
"""Only a page with the map and its table is so high."""
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--dump-dom",
)  # fmt: skip


class Host(ThreadingHTTPServer):
    """Serves one page on loopback and hears how high its frame grew."""

    def __init__(self, page: str) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.page, self.drawn, self.asked = page, Event(), list[str]()


class Page(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        height = re.fullmatch(r"/height/([0-9]+)", self.path)
        if height is not None and int(height.group(1)) > DRAWN_PX:
            self.server.drawn.set()
        if self.path == "/wait":
            self.server.drawn.wait(30)
        body = self.server.page.encode() if self.path == "/" else b""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.mark.prove
def test_a_browser_draws_the_map_in_a_sandbox_under_the_pages_own_policy(
    demo_home: Path, tmp_path: Path
) -> None:
    browser = shutil.which("chromium")
    assert browser is not None, "install Debian's chromium"
    data = map_data(heatmap(demo_home), load_universes()["demo"], frequency="weekly", language="en")
    answer = json.dumps(data.model_dump(mode="json")).replace("</", "<\\/")
    host = Host(HOST.format(page=html.escape(map_page()), answer=answer))
    Thread(target=host.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{host.server_port}/"
    arguments = [browser, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", url]
    try:
        subprocess.run(arguments, capture_output=True, timeout=90, check=False)
    finally:
        host.shutdown()
        host.server_close()
    assert host.drawn.is_set(), host.asked


def heatmap(home: Path) -> HeatmapResult:
    context = tool_context(Settings(home=home), load_universes())
    return sector_heatmap(context, region="demo")
