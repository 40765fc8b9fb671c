#!/usr/bin/env python3
"""Draws the six pictures of the demo as PNG files beside this script. Needs nothing but Python.

Every picture is a function from a point (x from 0 to 1, y from 0 to 1) to a colour, sampled three by
three per pixel so that edges are smooth, and reduced to few shades so that the files stay small.
"""
import math
import struct
import zlib
from pathlib import Path

WIDTH, HEIGHT, SAMPLES, SHADE = 240, 160, 3, 4


def mix(left, right, share):
    share = max(0.0, min(1.0, share))
    return tuple(a + (b - a) * share for a, b in zip(left, right))


def ridge(x, base, height, seed):
    """The outline of hills: a few waves on top of each other."""
    waves = ((3, 1.0), (7, 0.45), (13, 0.22), (29, 0.08))
    return base - height * sum(a * math.sin(f * x + seed * (i + 1.7)) for i, (f, a) in enumerate(waves))


def disc(x, y, cx, cy, radius):
    return math.hypot((x - cx) * WIDTH / HEIGHT, y - cy) < radius


def speck(x, y, cells, seed):
    """The distance to a random point in the cell of a grid, and how bright that point is."""
    i, j = int(x * cells), int(y * cells)
    value = math.sin(i * 127.1 + j * 311.7 + seed) * 43758.5453
    first = value - math.floor(value)
    value = math.sin(i * 269.5 + j * 183.3 + seed) * 43758.5453
    second = value - math.floor(value)
    return math.hypot(x * cells - i - 0.2 - 0.6 * first, y * cells - j - 0.2 - 0.6 * second), first * second


def mountains(x, y):
    colour = mix((58, 84, 148), (255, 190, 140), y * 1.6)
    if disc(x, y, 0.68, 0.40, 0.11):
        colour = (255, 236, 180)
    layers = ((0.52, 0.075, 1.0, (134, 118, 158)), (0.64, 0.06, 3.1, (92, 88, 136)),
              (0.77, 0.05, 5.3, (52, 60, 104)), (0.90, 0.04, 8.2, (24, 32, 62)))
    for base, height, seed, shade in layers:
        top = ridge(x, base, height, seed)
        if y > top:
            colour = mix(shade, (214, 164, 150), (y - top) * 0.9)
    return colour


def lanterns(x, y):
    colour = mix((18, 14, 44), (92, 34, 66), y)
    distance, brightness = speck(x, y, 14, 3.0)
    if distance < 0.05 and brightness > 0.3:
        colour = (230, 220, 200)
    for cx, cy, size in ((0.16, 0.30, 0.10), (0.38, 0.52, 0.14), (0.62, 0.28, 0.11), (0.84, 0.56, 0.15)):
        dx, dy = (x - cx) * WIDTH / HEIGHT / size, (y - cy) / size
        glow = math.hypot(dx, dy)
        colour = mix(colour, (255, 150, 60), 0.55 * math.exp(-glow * glow / 2.4))
        if abs(dx) < 0.03 and dy < -0.8:
            colour = (60, 40, 40)
        if dx * dx + (dy / 0.86) ** 2 < 1:
            ribs = 0.5 + 0.5 * math.cos(math.asin(max(-1, min(1, dx / math.sqrt(1 - min(0.99, (dy / 0.86) ** 2))))) * 10)
            colour = mix((196, 28, 30), (250, 98, 52), 0.35 * ribs + 0.6 * (1 - glow))
        if abs(dx) < 0.36 and 0.80 < abs(dy) < 0.96:
            colour = (238, 190, 84)
        if abs(dx) < 0.05 and 0.96 < dy < 1.5:
            colour = (224, 60, 44)
    return colour


def sea(x, y):
    if y < 0.55:
        colour = mix((120, 190, 226), (236, 244, 236), y / 0.55)
        for cx, cy, size in ((0.20, 0.20, 0.07), (0.28, 0.18, 0.09), (0.36, 0.21, 0.06), (0.78, 0.12, 0.05), (0.84, 0.13, 0.06)):
            if disc(x, y, cx, cy, size) and y < cy + size * 0.5:
                colour = (252, 253, 255)
    else:
        wave = math.sin(60 * (y - 0.5) ** 0.6 * 6 + 3 * math.sin(x * 9)) > 0.86
        colour = mix((60, 150, 180), (14, 70, 122), (y - 0.55) / 0.45)
        if wave:
            colour = mix(colour, (220, 244, 246), 0.5)
    if 0.60 < y < 0.68 and abs(x - 0.55) < 0.13 - (y - 0.60) * 0.8:
        colour = (150, 62, 48)
    if 0.552 < x < 0.560 and 0.24 < y < 0.60:
        colour = (92, 60, 44)
    if 0.565 < x < 0.565 + (y - 0.25) * 0.36 and 0.25 < y < 0.57:
        colour = (252, 248, 236)
    if 0.547 - (y - 0.31) * 0.30 < x < 0.547 and 0.31 < y < 0.57:
        colour = (240, 222, 192)
    return colour


def bamboo(x, y):
    colour = mix((226, 240, 206), (156, 200, 150), y)
    if disc(x, y, 0.72, 0.26, 0.13):
        colour = (250, 248, 222)
    for cx, width, shade, seed in ((0.10, 0.020, (150, 190, 130), 0.1), (0.24, 0.030, (96, 156, 88), 0.5),
                                   (0.46, 0.024, (120, 174, 104), 0.3), (0.60, 0.040, (58, 124, 66), 0.8),
                                   (0.88, 0.034, (76, 140, 76), 0.2)):
        dx = (x - cx - 0.02 * (y - 0.5)) / width
        joint = (y * 5 + seed) % 1
        if abs(dx) < 1:
            colour = mix(shade, (236, 248, 210), 0.35 * math.exp(-((dx + 0.4) * 3) ** 2))
            if joint < 0.05:
                colour = mix(shade, (20, 60, 30), 0.55)
        for side in (-1, 1):
            level = math.floor(y * 5 + seed - 0.1)
            ly = (level - seed + 0.05) / 5
            lx, along = side * (x - cx) / 0.12, (x - cx) * side
            drop = ly + along * 0.9
            if (level * 3 + side) % 4 and 0 < lx < 1 and abs(y - drop) < 0.028 * math.sin(math.pi * lx):
                colour = mix((48, 116, 60), (112, 176, 92), lx)
    return colour


def moonlit_lake(x, y):
    shore = 0.60
    height = y if y < shore else shore - (y - shore) * 1.15
    colour = mix((10, 20, 52), (62, 88, 140), height / shore)
    distance, brightness = speck(x, height, 16, 9.0)
    if distance < 0.06 and brightness > 0.25 and y < shore:
        colour = (222, 230, 250)
    if disc(x, height, 0.30, 0.20, 0.085):
        colour = (250, 246, 222)
    if height > ridge(x, 0.47, 0.05, 2.4):
        colour = (34, 48, 92)
    if height > ridge(x, 0.55, 0.03, 6.0):
        colour = (16, 26, 58)
    if y >= shore:
        ripple = 0.5 + 0.5 * math.sin(220 * (y - shore) ** 0.8 + 5 * math.sin(14 * x))
        colour = mix(mix(colour, (8, 16, 40), 0.35), (96, 124, 170), 0.20 * ripple)
        if abs(x - 0.30) < 0.03 + 0.04 * ripple * (y - shore) * 3:
            colour = mix(colour, (250, 240, 200), 0.55 * ripple)
    return colour


def plum_blossom(x, y):
    colour = mix((250, 244, 232), (236, 214, 206), y)
    branch = 0.82 - 0.62 * x + 0.06 * math.sin(9 * x)
    if abs(y - branch) < 0.030 * (1.15 - x):
        colour = (78, 52, 48)
    if 0.42 < x < 0.80 and abs(y - (0.52 + 0.5 * (x - 0.42))) < 0.010:
        colour = (96, 66, 58)
    if 0.20 < x < 0.45 and abs(y - (0.69 - 1.25 * (x - 0.20))) < 0.010:
        colour = (96, 66, 58)
    flowers = ((0.22, 0.66, 0.085), (0.40, 0.44, 0.075), (0.44, 0.62, 0.070), (0.62, 0.46, 0.095),
               (0.70, 0.66, 0.080), (0.86, 0.30, 0.085), (0.34, 0.50, 0.055), (0.79, 0.71, 0.055))
    for number, (cx, cy, size) in enumerate(flowers):
        dx, dy = (x - cx) * WIDTH / HEIGHT, y - cy
        angle = math.atan2(dy, dx) + number * 0.7
        radius = math.hypot(dx, dy) / size
        edge = 0.72 + 0.28 * abs(math.cos(2.5 * angle))
        if radius < edge:
            colour = mix((222, 72, 108), (255, 198, 206), radius / edge)
            if radius < 0.20:
                colour = (250, 222, 120)
    return colour


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def draw(picture):
    rows = []
    for row in range(HEIGHT):
        line = bytearray([0])
        for column in range(WIDTH):
            samples = [picture((column + (i + 0.5) / SAMPLES) / WIDTH, (row + (j + 0.5) / SAMPLES) / HEIGHT)
                       for i in range(SAMPLES) for j in range(SAMPLES)]
            for channel in range(3):
                mean = sum(sample[channel] for sample in samples) / len(samples)
                line.append(max(0, min(255, round(mean / SHADE) * SHADE)))
        rows.append(bytes(line))
    # Each row as its difference to the row above ("up", filter 2) packs far better.
    filtered = [rows[0]] + [b"\x02" + bytes((a - b) & 255 for a, b in zip(row[1:], above[1:]))
                            for above, row in zip(rows, rows[1:])]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(filtered), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


if __name__ == "__main__":
    for picture in (mountains, lanterns, sea, bamboo, moonlit_lake, plum_blossom):
        path = Path(__file__).with_name(picture.__name__.replace("_", "-") + ".png")
        path.write_bytes(draw(picture))
        print(path.name, path.stat().st_size)
