"""What a report says, for tests."""



from ehrenamt_wagtail.models import StatusReport


def blocks_of(report: StatusReport, kind: str) -> list:
    """The values of all blocks of the kind, in the order of the report."""
    return [block.value for chapter in report.body for block in chapter.value["content"] if block.block_type == kind]


def texts_of(report: StatusReport) -> str:
    return " ".join(value.source for value in blocks_of(report, "text"))


def chapter_content(content: dict, kind: str) -> list[dict]:
    return [block for chapter in content["chapters"] for block in chapter["blocks"] if block["type"] == kind]


def raw_body(text: str) -> list[dict]:
    """A body of one chapter with one text, as Wagtail keeps it."""
    return [{"type": "chapter", "value": {"heading": "Lage", "content": [{"type": "text", "value": f"<p>{text}</p>"}]}}]


def body_of(text: str):
    return StatusReport._meta.get_field("body").stream_block.to_python(raw_body(text))
