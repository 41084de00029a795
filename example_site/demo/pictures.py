"""Cover pictures and logos, drawn with a few shapes in the district's colours; the same every time, without text."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

from django.core.files.images import ImageFile
from PIL import Image as Canvas
from PIL import ImageDraw
from wagtail.images import get_image_model

DEEP, TEAL, MIST, PAPER = "#0d4a54", "#3d7f86", "#cfe1df", "#f6f1e6"
RUST, SAND, SUN, NIGHT = "#b0431a", "#e3b483", "#f0c75e", "#08343c"
SIZE = (1200, 675)
# Drawn larger and scaled down, which smooths the edges.
SCALE = 2


class Pen:
    """Draws in the coordinates of the finished picture."""

    def __init__(self, size: tuple[int, int], ground: str) -> None:
        self.size = size
        self.canvas = Canvas.new("RGB", (size[0] * SCALE, size[1] * SCALE), ground)
        self.draw = ImageDraw.Draw(self.canvas)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self.draw.ellipse([n * SCALE for n in (x - radius, y - radius, x + radius, y + radius)], fill=colour)

    def ring(self, x: float, y: float, radius: float, width: float, colour: str) -> None:
        box = [n * SCALE for n in (x - radius, y - radius, x + radius, y + radius)]
        self.draw.ellipse(box, outline=colour, width=round(width * SCALE))

    def box(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        corners = [n * SCALE for n in (x, y, x + width, y + height)]
        self.draw.rounded_rectangle(corners, radius=radius * SCALE, fill=colour)

    def shape(self, points: list[tuple[float, float]], colour: str) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def line(self, points: list[tuple[float, float]], width: float, colour: str) -> None:
        self.draw.line([(x * SCALE, y * SCALE) for x, y in points], fill=colour, width=round(width * SCALE), joint="curve")

    def hill(self, base: float, height: float, waves: float, phase: float, colour: str) -> None:
        width, bottom = self.size
        crest = [(x, base - height * math.sin(phase + waves * math.pi * x / width)) for x in range(0, width + 10, 10)]
        self.shape([(0, bottom), *crest, (width, bottom)], colour)

    def person(self, x: float, y: float, size: float, colour: str) -> None:
        """Head and shoulders, standing on ``y``."""
        self.draw.pieslice([n * SCALE for n in (x - size, y - size, x + size, y + size)], 180, 360, fill=colour)
        self.disc(x, y - 1.45 * size, 0.52 * size, colour)

    def house(self, x: float, y: float, width: float, height: float, wall: str, roof: str) -> None:
        self.box(x, y - height, width, height, wall)
        self.shape([(x - 18, y - height), (x + width / 2, y - height - width * 0.5), (x + width + 18, y - height)], roof)
        self.box(x + width * 0.38, y - height * 0.5, width * 0.24, height * 0.5, roof)

    def file(self) -> bytes:
        buffer = io.BytesIO()
        self.canvas.resize(self.size, Canvas.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()


def landscape(pen: Pen) -> None:
    pen.disc(930, 190, 95, SUN)
    pen.hill(430, 70, 2.2, 0.4, TEAL)
    pen.hill(520, 60, 2.8, 2.2, DEEP)
    pen.hill(610, 40, 3.3, 0.9, NIGHT)
    for x, y in ((180, 500), (235, 512), (1010, 470), (1065, 482)):
        pen.shape([(x - 34, y), (x, y - 120), (x + 34, y)], NIGHT)


def circle_of_chairs(pen: Pen) -> None:
    pen.disc(600, 350, 300, MIST)
    pen.disc(600, 350, 120, PAPER)
    for number in range(9):
        angle = 2 * math.pi * number / 9 - math.pi / 2
        x, y = 600 + 220 * math.cos(angle), 350 + 220 * math.sin(angle)
        pen.disc(x, y, 48, (DEEP, TEAL, RUST)[number % 3])
        pen.disc(x, y, 20, PAPER)


def speech(pen: Pen) -> None:
    pen.box(130, 110, 520, 290, DEEP, 60)
    pen.shape([(230, 390), (220, 500), (350, 390)], DEEP)
    pen.box(560, 250, 510, 270, RUST, 60)
    pen.shape([(960, 510), (985, 610), (850, 510)], RUST)
    for number, width in enumerate((340, 280, 200)):
        pen.box(195, 175 + 65 * number, width, 26, MIST, 13)
    for number, width in enumerate((300, 350, 220)):
        pen.box(640, 315 + 60 * number, width, 24, PAPER, 12)


def paragraphs(pen: Pen) -> None:
    for number, (x, colour) in enumerate(((330, TEAL), (390, DEEP), (450, PAPER))):
        pen.box(x, 90 + 22 * number, 400, 500, colour, 18)
    for number, width in enumerate((280, 310, 240, 300, 260, 180)):
        pen.box(500, 200 + 55 * number, width, 20, SAND if number == 0 else MIST, 10)
    pen.disc(800, 560, 62, RUST)
    pen.disc(800, 560, 34, PAPER)


def books(pen: Pen) -> None:
    pen.box(0, 540, 1200, 135, SAND)
    x = 190
    for number, (width, height) in enumerate(((80, 330), (62, 290), (96, 370), (70, 310), (84, 350), (58, 270), (90, 340))):
        pen.box(x, 540 - height, width, height, (DEEP, RUST, TEAL, NIGHT)[number % 4], 8)
        pen.box(x + 14, 540 - height + 40, width - 28, 16, PAPER, 8)
        x += width + 10
    pen.shape([(850, 540), (930, 250), (1000, 268), (922, 540)], SUN)


def work(pen: Pen) -> None:
    for x, y, radius, colour, teeth in ((430, 360, 170, DEEP, 12), (730, 250, 120, RUST, 10), (740, 500, 95, TEAL, 9)):
        for number in range(teeth):
            angle = 2 * math.pi * number / teeth
            pen.disc(x + radius * math.cos(angle), y + radius * math.sin(angle), radius * 0.19, colour)
        pen.disc(x, y, radius, colour)
        pen.disc(x, y, radius * 0.42, PAPER)


def houses(pen: Pen) -> None:
    pen.disc(990, 150, 70, SUN)
    pen.hill(520, 30, 1.8, 0.2, TEAL)
    for x, width, height, wall, roof in (
        (130, 180, 180, PAPER, RUST),
        (370, 150, 240, SAND, DEEP),
        (570, 210, 170, "#9fc4c4", NIGHT),
        (840, 170, 220, PAPER, RUST),
    ):
        pen.house(x, 560, width, height, wall, roof)
    pen.box(0, 558, 1200, 117, DEEP)


def hands(pen: Pen) -> None:
    for number, (x, colour) in enumerate(((250, DEEP), (430, RUST), (610, TEAL), (790, NIGHT), (970, SAND))):
        pen.box(x - 55, 330 + 30 * (number % 2), 110, 400, colour, 55)
        for finger in range(4):
            pen.box(x - 55 + 28 * finger, 190 + 30 * (number % 2) + 16 * abs(finger - 1), 24, 210, colour, 12)
        pen.box(x + 50, 300 + 30 * (number % 2), 34, 130, colour, 17)


def calm(pen: Pen) -> None:
    for radius, colour in ((300, MIST), (225, "#9fc4c4"), (150, TEAL), (80, DEEP)):
        pen.disc(600, 480, radius, colour)
    pen.box(0, 480, 1200, 195, PAPER)
    for number in range(5):
        pen.box(260 + 50 * number, 510 + 32 * number, 680 - 100 * number, 12, TEAL, 6)
    pen.disc(600, 300, 54, SUN)


def family(pen: Pen) -> None:
    pen.disc(970, 170, 80, SUN)
    pen.hill(600, 30, 2.0, 0.0, TEAL)
    for x, size, colour in ((330, 105, DEEP), (520, 70, RUST), (655, 56, SAND), (830, 110, NIGHT)):
        pen.person(x, 610, size, colour)


def table(pen: Pen) -> None:
    pen.box(130, 330, 940, 60, RUST, 20)
    pen.box(210, 390, 50, 210, NIGHT)
    pen.box(940, 390, 50, 210, NIGHT)
    for x in (270, 480, 690, 900):
        pen.disc(x, 300, 62, PAPER)
        pen.disc(x, 300, 40, MIST)
    for x, colour in ((375, DEEP), (585, SUN), (795, TEAL)):
        pen.box(x - 22, 210, 44, 120, colour, 14)


def screen(pen: Pen) -> None:
    pen.box(270, 120, 660, 400, NIGHT, 26)
    pen.box(300, 150, 600, 340, MIST, 10)
    pen.box(200, 520, 800, 40, DEEP, 20)
    for number, (x, colour) in enumerate(((420, DEEP), (600, RUST), (780, TEAL))):
        pen.person(x, 420 + 14 * (number % 2), 78, colour)


def bridge(pen: Pen) -> None:
    pen.disc(600, 200, 90, SUN)
    pen.box(0, 520, 1200, 155, TEAL)
    for x in (-20, 280, 580, 880):
        pen.disc(x + 170, 520, 120, DEEP)
        pen.disc(x + 170, 520, 92, PAPER)
    pen.box(0, 380, 1200, 44, DEEP)
    pen.box(0, 522, 1200, 153, TEAL)
    for number in range(4):
        pen.box(120 + 270 * number, 580 + 22 * (number % 2), 170, 10, MIST, 5)
    for x, colour in ((420, RUST), (520, NIGHT), (760, RUST)):
        pen.person(x, 382, 40, colour)


def puzzle(pen: Pen) -> None:
    for row in range(2):
        for column in range(4):
            x, y = 200 + 205 * column, 120 + 225 * row
            pen.box(x, y, 195, 215, (DEEP, RUST, TEAL, SAND, SAND, NIGHT, RUST, DEEP)[row * 4 + column], 20)
    for x, y, colour in ((398, 228, DEEP), (603, 228, RUST), (808, 228, TEAL), (398, 453, SAND), (603, 453, NIGHT), (808, 453, RUST)):
        pen.disc(x + 6, y, 34, colour)


# Key → (painter, ground, what it shows).
COVERS: dict[str, tuple[Callable[[Pen], None], str, str]] = {
    "landschaft": (landscape, MIST, "Gezeichnete Hügel mit Bäumen unter einer gelben Sonne."),
    "kreis": (circle_of_chairs, SAND, "Neun Plätze im Kreis, von oben gesehen."),
    "gespraech": (speech, PAPER, "Zwei große Sprechblasen in Grün und Rot, die sich überschneiden."),
    "recht": (paragraphs, MIST, "Ein Stapel Papiere mit Zeilen und einem runden Siegel."),
    "buecher": (books, MIST, "Eine Reihe bunter Bücher auf einem Regal."),
    "arbeit": (work, PAPER, "Drei Zahnräder, die ineinandergreifen."),
    "haeuser": (houses, MIST, "Vier kleine Häuser nebeneinander in einer Straße."),
    "haende": (hands, PAPER, "Fünf erhobene Hände in verschiedenen Farben."),
    "ruhe": (calm, PAPER, "Ein Kreis spiegelt sich in ruhigem Wasser."),
    "familie": (family, MIST, "Zwei Erwachsene und zwei Kinder auf einer Wiese."),
    "tafel": (table, MIST, "Ein langer, gedeckter Tisch mit vier Tellern."),
    "bildschirm": (screen, SAND, "Drei Menschen auf dem Bildschirm eines Rechners."),
    "bruecke": (bridge, PAPER, "Menschen gehen über eine Brücke mit runden Bögen."),
    "teile": (puzzle, MIST, "Acht bunte Teile, die zueinander passen."),
}


def logo_rings(pen: Pen) -> None:
    for x, colour in ((160, DEEP), (240, RUST), (320, TEAL)):
        pen.ring(x, 120, 70, 18, colour)


def logo_leaf(pen: Pen) -> None:
    pen.shape([(240, 30), (330, 100), (300, 190), (240, 215), (180, 190), (150, 100)], TEAL)
    pen.line([(240, 60), (240, 225)], 8, PAPER)
    pen.line([(240, 150), (290, 110)], 6, PAPER)
    pen.line([(240, 170), (190, 130)], 6, PAPER)


def logo_roof(pen: Pen) -> None:
    pen.shape([(90, 130), (240, 30), (390, 130)], RUST)
    pen.box(140, 140, 60, 70, DEEP, 6)
    pen.box(280, 140, 60, 70, DEEP, 6)
    pen.disc(240, 165, 30, SUN)


# Key → (painter, name of the funder).
LOGOS: dict[str, tuple[Callable[[Pen], None], str]] = {
    "nachbarschaft": (logo_rings, "Stiftung Gute Nachbarschaft"),
    "schoenbuch": (logo_leaf, "Bürgerstiftung Schönbuch"),
    "sozialfonds": (logo_roof, "Sozialfonds des Landkreises"),
}


def paint(painter: Callable[[Pen], None], ground: str, size: tuple[int, int] = SIZE) -> bytes:
    pen = Pen(size, ground)
    painter(pen)
    return pen.file()


def make_pictures(collection) -> tuple[dict, dict]:
    """Store all pictures in ``collection``; gives covers and logos by their keys. Writes files."""

    def store(key: str, content: bytes, title: str, description: str):
        image = get_image_model()(title=title, description=description, collection=collection)
        image.file = ImageFile(io.BytesIO(content), name=f"demo-{key}.png")
        image.save()
        return image

    covers = {key: store(key, paint(painter, ground), f"Titelbild „{key}“", alt) for key, (painter, ground, alt) in COVERS.items()}
    logos = {
        key: store(f"logo-{key}", paint(painter, "#ffffff", (480, 240)), f"Logo {name}", f"Logo: {name}")
        for key, (painter, name) in LOGOS.items()
    }
    return covers, logos
