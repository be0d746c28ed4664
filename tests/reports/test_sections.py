"""Sections of a document, and what is still to be written in each."""

from warroom.reports.sections import Section, blank_lines, sections

TEXT = """<!-- 3 fields to write: search for `To write` -->

# Post-mortem

**Authors**: **To write:** authors

## Impact

### Customers
- **To write:** how many
- none
### Team

## Cause

```text
# no heading, **To write:** counts all the same
```
<!-- Conflict: as it was edited -->
mine
<!-- Conflict: as it is written anew -->
- anew
<!-- Conflict ends -->"""


def test_each_section_counts_what_is_below_it() -> None:
    assert sections(TEXT) == (
        Section("Post-mortem", 1, 2, blanks=1),
        Section("Impact", 2, 6, blanks=1),
        Section("Customers", 3, 8, blanks=1),
        Section("Team", 3, 11),
        Section("Cause", 2, 13, blanks=1, conflicts=1),
    )


def test_places_to_go_to() -> None:
    lines = TEXT.split("\n")
    assert [lines[n] for n in blank_lines(TEXT)] == [
        "**Authors**: **To write:** authors",
        "- **To write:** how many",
        "# no heading, **To write:** counts all the same",
        "<!-- Conflict: as it is written anew -->",
    ]
