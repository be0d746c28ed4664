"""What bold lines divide a section into."""

from warroom.runbook.document import Section


def views(section: Section) -> list[Section]:
    """The section without what bold lines divide off, and each of those parts."""
    parts = section.parts()
    if not parts:
        return [section]
    first = parts[0].line
    rest = Section(section.heading, section.level, section.line, section.end, section.parent, section.is_title)
    rest.blocks = [block for block in section.blocks if block.line < first]
    rest.children = section.children
    return [rest, *parts]
