"""PDF documents taken apart."""

import io
import re

import pypdf


def read_pdf(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(bytes(content)))


def text_of(pdf: pypdf.PdfReader) -> str:
    """Of all pages, whatever stands between two words as one space."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))


def structure_of(pdf: pypdf.PdfReader) -> list:
    """The elements that a document is tagged with, in the order of reading."""
    return elements_of(pdf.trailer["/Root"]["/StructTreeRoot"])


def tags_of(pdf: pypdf.PdfReader) -> list[str]:
    """Their names."""
    return [element["/S"] for element in structure_of(pdf)]


def elements_of(element, found=None) -> list:
    found = [] if found is None else found
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, pypdf.generic.DictionaryObject):
        if "/S" in element:
            found.append(element)
        children = element.get("/K", [])
        children = children.get_object() if hasattr(children, "get_object") else children
        for child in children if isinstance(children, list) else [children]:
            elements_of(child, found)
    return found
