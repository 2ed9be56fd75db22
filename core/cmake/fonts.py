"""Cuts Inter or Lucide down to the characters in use and writes them as C++ arrays, fonts.hpp or icons.hpp with its .cpp.

usage: fonts.py all|page INTER_FOLDER OUTPUT_FOLDER
       fonts.py icons LUCIDE_FOLDER OUTPUT_FOLDER

page: only what the page's text needs (kText in web/ui/draw/type.cpp); all: also what names in a table may bring into a picture.
"""
import json
import logging
import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

# Without these a text of the page would show a hole: the build stops when the font lacks one.
SIGNS = "×−±≤≥≈∞·→←↑↓↖✓–—’‘“”„…•€°²³Œœ\u00a0\u2009\u202f"
# Latin-1, Latin Extended-A, Greek: as much of each as the font has.
RANGES = {"all": [(0x20, 0x7E), (0xA0, 0xFF), (0x100, 0x17F), (0x370, 0x3FF)], "page": [(0x20, 0x7E), (0xA0, 0xFF), (0x3B1, 0x3C9)]}
# Signs of formulas, as far as the font has them.
WELCOME = {"page": "", "all": "≠∂√∑∫∆∏≡⁰¹⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉½¼¾′″‖∈✗"}

WEIGHTS = ["Regular", "Medium", "SemiBold"]

ICONS = """play pause step-forward rotate-ccw link presentation globe sun moon circle-help sliders-horizontal target
shield eye lightbulb check x chevron-left chevron-right chevron-up chevron-down layout-grid chart-scatter
triangle-alert contrast terminal quote menu download image info book-open
maximize-2 chevrons-up-down pencil""".split()


logging.getLogger("fontTools").setLevel(logging.ERROR)   # it remarks on harmless padding in Lucide's tables


def cut(source, characters, target):
    """Writes the characters of one font; without kerning and hints, which ImGui cannot use."""
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[1, 2, 13], notdef_outline=True,
                             glyph_names=False, desubroutinize=False)
    font = TTFont(source)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    # A fixed time, so that the same input gives the same bytes.
    font["head"].created = font["head"].modified = 0
    font.recalcTimestamp = False
    font.save(target)


def array(name, path):
    data = path.read_bytes()
    lines = [",".join(map(str, data[i:i + 32])) for i in range(0, len(data), 32)]
    return (f"alignas(4) static constexpr unsigned char {name}_bytes[] = {{\n" + ",\n".join(lines) + "};\n"
            f"const std::span<const unsigned char> {name}{{{name}_bytes}};\n")


def constant(icon):
    return "k" + "".join(word.capitalize() for word in icon.split("-"))


def write(output, name, fonts, more):
    """NAME.hpp and NAME.cpp: a span for each font, and MORE in the header."""
    header = ["// Written by core/cmake/fonts.py.", "#pragma once", "#include <span>", "", "namespace mid::ui::font {", ""]
    header += [f"extern const std::span<const unsigned char> {font};" for font in fonts]
    (output / f"{name}.hpp").write_text("\n".join([*header, *more, ""]))
    body = "".join(array(font, path) for font, path in fonts.items())
    (output / f"{name}.cpp").write_text(f'// Written by core/cmake/fonts.py.\n#include "{name}.hpp"\n\n'
                                        f"namespace mid::ui::font {{\n\n{body}\n}}  // namespace mid::ui::font\n")


def inter(extent, source_folder, output):
    fonts = {}
    for weight in WEIGHTS:
        source = source_folder / f"Inter-{weight}.otf"
        have = set(TTFont(source, lazy=True).getBestCmap())
        missing = [c for c in SIGNS if ord(c) not in have]
        if missing:
            sys.exit(f"{source} lacks {' '.join(f'U+{ord(c):04X}' for c in missing)}")
        wanted = {c for first, last in RANGES[extent] for c in range(first, last + 1)} | {ord(c) for c in SIGNS + WELCOME[extent]}
        target = output / f"inter_{weight.lower()}.otf"
        cut(source, wanted & have, target)
        fonts[target.stem] = target
    write(output, "fonts", fonts, ["", "}  // namespace mid::ui::font", "", "#if __has_include(<icons.hpp>)   // for targets of mid_icons",
                                   "#include <icons.hpp>", "#endif"])


def icons(lucide, output):
    points = json.loads((lucide / "codepoints.json").read_text())
    missing = [icon for icon in ICONS if icon not in points]
    if missing:
        sys.exit(f"This Lucide has no icon named {', '.join(missing)}")
    font = output / "lucide.ttf"
    cut(lucide / "lucide.ttf", {points[icon] for icon in ICONS}, font)
    more = ["", "/// First and last code point of the icons, for the range given to ImGui.",
            f"inline constexpr unsigned kFirstIcon = {min(points[i] for i in ICONS):#x};",
            f"inline constexpr unsigned kLastIcon = {max(points[i] for i in ICONS):#x};",
            "", "}  // namespace mid::ui::font", "", "/// Icons as UTF-8 text, drawn with the font `lucide`.", "namespace mid::ui::icon {", ""]
    for icon in ICONS:
        utf8 = "".join(f"\\x{byte:02x}" for byte in chr(points[icon]).encode())
        more.append(f'inline constexpr const char* {constant(icon)} = "{utf8}";')
    write(output, "icons", {"lucide": font}, [*more, "", "}  // namespace mid::ui::icon"])


def main(what, source, output):
    output.mkdir(parents=True, exist_ok=True)
    icons(source, output) if what == "icons" else inter(what, source, output)


main(sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
