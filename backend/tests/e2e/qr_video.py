"""A film of a QR code for Chromium's fake camera, in YUV4MPEG2, which needs no encoder."""

import json
import os
import shutil
import subprocess
from pathlib import Path

FRONTEND = Path(__file__).parents[3] / "frontend"
WIDTH, HEIGHT, FRAMES = 640, 480, 5
BLACK, WHITE, NO_COLOUR = 16, 235, 128
DRAW = """
const {encode} = await import("uqr");
console.log(JSON.stringify(encode(process.argv[1], {ecc: "M", border: 4}).data));
"""


class NoQrCodesError(Exception):
    """There is nothing here that draws QR codes."""


def write_qr_video(path: Path, text: str) -> None:
    """Write a film that shows the code of `text` in the middle. Raises NoQrCodesError."""
    luma = _picture(_modules(text))
    chroma = bytes([NO_COLOUR]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode())
        for _ in range(FRAMES):
            film.write(b"FRAME\n" + luma + chroma)


def _modules(text: str) -> list[list[bool]]:
    """Return the code as rows of dark modules, drawn by the web app's own library."""
    node = os.environ.get("CSMS_NODE") or shutil.which("node")
    if node is None or not (FRONTEND / "node_modules" / "uqr").is_dir():
        raise NoQrCodesError("no node, or frontend/node_modules is missing: npm ci in frontend/")
    command = [node, "--input-type=module", "-e", DRAW, text]
    drawn = subprocess.run(command, cwd=FRONTEND, capture_output=True, check=True)
    rows: list[list[bool]] = json.loads(drawn.stdout)
    return rows


def _picture(modules: list[list[bool]]) -> bytes:
    scale = HEIGHT * 3 // 4 // len(modules)
    side = scale * len(modules)
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    blank = bytes([WHITE]) * WIDTH
    rows = []
    for row in modules:
        dots = b"".join(bytes([BLACK if dark else WHITE]) * scale for dark in row)
        margin = bytes([WHITE]) * left
        rows.append((margin + dots).ljust(WIDTH, bytes([WHITE])))
    lines = [blank] * top + [line for line in rows for _ in range(scale)]
    return b"".join(lines + [blank] * (HEIGHT - len(lines)))
