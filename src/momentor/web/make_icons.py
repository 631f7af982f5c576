"""Draw the PNG and ICO icons from their SVG sources: `python -m momentor.web.make_icons`.

Needs the browser that the tests use. The pictures are kept in the repository, so only who changes a source runs this.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).parent / "static" / "img"
CHROMIUM = Path("/usr/bin/chromium")

PICTURES = {
    "icon-192.png": ("logo.svg", 192),
    "icon-512.png": ("logo.svg", 512),
    "icon-maskable-512.png": ("icon-maskable.svg", 512),
    "icon-180.png": ("icon-maskable.svg", 180),
    "badge-96.png": ("badge.svg", 96),
}


def main() -> None:
    """Write every icon beside its source."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM if CHROMIUM.exists() else None)
        for name, (source, size) in PICTURES.items():
            _small(_drawn(browser, source, size)).save(IMAGES / name, optimize=True)
        favicon = _drawn(browser, "logo.svg", 48)
        favicon.save(IMAGES / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
        browser.close()


def _drawn(browser: Browser, source: str, size: int) -> Image.Image:
    page = browser.new_page(viewport={"width": size, "height": size})
    svg = (IMAGES / source).read_text(encoding="utf-8").replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
    page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}")
    picture = Image.open(BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
    page.close()
    return picture


def _small(picture: Image.Image) -> Image.Image:
    """Reduce to 64 colours: flat drawings lose nothing."""
    return picture.quantize(64)


if __name__ == "__main__":
    main()
