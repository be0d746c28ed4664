"""One pane, one file, one sheet, one test."""
