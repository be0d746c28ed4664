"""Error events of logs, found, joined with their traces and folded into patterns as the logs stream in."""

from warroom.core.tally.merged import Merged
from warroom.core.tally.source import Source
from warroom.core.tally.tallies import Tallies

__all__ = ["Merged", "Source", "Tallies"]
