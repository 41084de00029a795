"""Letters that stand in a PDF as an empty box, since no font had them."""

import io
from collections.abc import Iterator

import pypdf
from fontTools.ttLib import TTFont
from pypdf.generic import ByteStringObject, ContentStream, TextStringObject


def missing_glyphs(pdf: pypdf.PdfReader) -> list[int]:
    """The pages, counted from 0, on which a font lacks a letter.

    WeasyPrint gives such a letter a number behind the last glyph of the font, which draws its glyph 0: the empty box.
    """
    return [number for number, page in enumerate(pdf.pages) if any(is_missing(*shown) for shown in glyphs_of(page, pdf))]


def is_missing(glyph: int, number_of_glyphs: int) -> bool:
    return glyph == 0 or glyph >= number_of_glyphs


def glyphs_of(page: pypdf.PageObject, pdf: pypdf.PdfReader) -> Iterator[tuple[int, int]]:
    """Each glyph that is shown, with the number of glyphs of its font."""
    fonts = page.get("/Resources", {}).get("/Font", {})
    numbers = {name: number_of_glyphs(font.get_object()) for name, font in fonts.items()}
    number = 0
    for operands, operator in ContentStream(page.get_contents(), pdf).operations:
        if operator == b"Tf":
            number = numbers[operands[0]]
        elif operator in (b"Tj", b"TJ"):
            for glyph in {glyph for text in texts_of(operands[0]) for glyph in text}:
                yield glyph, number


def texts_of(shown) -> Iterator[list[int]]:
    """The numbers of the glyphs in each string; two bytes each."""
    for text in shown if isinstance(shown, list) else [shown]:
        if isinstance(text, ByteStringObject | TextStringObject):
            data = text.original_bytes
            yield [int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)]


def number_of_glyphs(font: dict) -> int:
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    file = descriptor.get("/FontFile2") or descriptor["/FontFile3"]
    return TTFont(io.BytesIO(file.get_object().get_data()), lazy=True)["maxp"].numGlyphs
