"""The runbook's messages: which were sent, which are due, which are not for this case."""

from collections.abc import Iterator, Sequence

from warroom.core.acts.messages import first_key
from warroom.core.deadlines import deadlines
from warroom.core.messages import channel_of, for_this_case
from warroom.core.outbox import Sending, outbox, service_of
from warroom.runbook.model import Template
from warroom.ui.cells import Line, Seg, clip, ends
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row
from warroom.ui.words import figures, utc

GROUPS = {"slack": "Internal, Slack", "statuspage": "Status page", "mail": "Customer e-mail", "pagerduty": "PagerDuty", "hand": "By hand"}
CASES = {"now": ("todo", "$soft", ""), "later": ("todo", "$soft", "later"), "no": ("na", "$soft", "not this case")}


class MessagesPane(LinesPane):
    """Enter opens the one under the cursor."""

    label, digit = "messages", "9"

    def __init__(self) -> None:
        super().__init__(id="messages")

    def template(self) -> Template | None:
        """The one under the cursor."""
        return next((one for one in self.runbook.templates if one.title == self.body.cursor), None)

    def facts(self) -> Sequence[Line]:
        return ([(str(len(self.runbook.templates)), "$soft")],) if self.runbook.templates else ()

    def shows_nothing(self) -> bool:
        return not self.runbook.templates

    def empty_words(self) -> Sequence[Line]:
        return [[("the runbook has no message templates", "$ink")], [("n notes what you told whom", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out, sent = list[Row](), {one.intent.name: one for one in outbox(self.incident) if not one.intent.page}
        group = ""
        for one in self.runbook.templates:
            name = GROUPS[service_of(channel_of(one, self.runbook))]
            if name != group:
                out += [*([Row()] if out else []), Row(((name, "$soft"),))]
                group = name
            glyph, style, told = self._word(one, sent.get(one.title))
            left: list[Seg] = [(f" {g[glyph]} ", style), (foreign(clip(one.title, max(8, width - 4 - len(told)))), "$ink")]
            out.append(Row(tuple(ends(width, left, [(told, style)])), one.title))
        return out

    def _word(self, one: Template, sent: Sending | None) -> tuple[str, str, str]:
        """Glyph, tone and word."""
        if sent and sent.unhandled:
            return "bad", "$bad bold", "NOT SENT"
        if first_key(self.incident, one.title, self.now or self.console.clock.now()):
            return "wait", "$soon", "1 key of 2"
        if sent and sent.state == "queued":
            return "wait", "$soon", "queued"
        due = self._due(one)
        if due is not None:
            left, late = due
            return ("over", "$bad bold", f"late {figures(-left)}") if late else ("soon", "$soon", f"in {figures(left)}")
        if sent and sent.state in ("sent", "confirmed"):
            return "good", "$good", f"sent {utc(sent.created, seconds=False)}"
        return CASES[for_this_case(one, self.incident, self.runbook)]

    def _due(self, one: Template) -> tuple[float, bool] | None:
        """Of the message that keeps the promise of updates."""
        if self.now is None or "update" not in one.title.casefold() or not self.incident.open:
            return None
        found = next((each for each in deadlines(self.runbook, self.incident, self.now) if each.id == "update"), None)
        if found is None or found.state not in ("running", "due"):
            return None
        return found.left_seconds, found.state == "due"


class OutboxPane(LinesPane):
    """What is to be sent, was sent, or could not be; the newest first, what nobody has handled before all."""

    label = "outbox"

    def __init__(self) -> None:
        super().__init__(id="outbox")

    def all(self) -> Sequence[Sending]:
        newest_first = outbox(self.incident)[::-1]
        return sorted(newest_first, key=lambda one: not one.unhandled)

    def under_cursor(self) -> Sending | None:
        return next((one for one in self.all() if one.intent.id == self.body.cursor), None)

    def facts(self) -> Sequence[Line]:
        failed = sum(one.unhandled for one in self.all())
        return ([(f"{g['bad']} {failed} NOT SENT", "$bad bold")],) if failed else ()

    def shows_nothing(self) -> bool:
        return not self.incident.sendings

    def empty_words(self) -> Sequence[Line]:
        return [[("nothing was sent yet", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        return [row for one in self.all() for row in (*self._rows(one, width), Row())]

    def _rows(self, one: Sending, width: int) -> Iterator[Row]:
        glyph, style, word = {
            "queued": ("wait", "$soon", "by hand: copy it" if one.intent.service == "hand" else "no answer yet"),
            "sent": ("good", "$good", "sent by hand" if one.by_hand else "sent"),
            "confirmed": ("good", "$good", "confirmed"),
            "failed": ("bad", "$bad bold", "NOT SENT"),
            "dropped": ("skip", "$soft", "not to be sent"),
        }[one.state]
        left: list[Seg] = [(f"{g[glyph]} ", style), (word, style)]
        yield Row(tuple(ends(width, left, [(utc(one.created), "$soft")])), one.intent.id)
        what = f"page to {', '.join(one.intent.to)}" if one.intent.page else f"{one.intent.name}"
        yield Row((("  ", ""), (foreign(clip(what, width - 2)), "$loud" if one.unhandled else "$ink")), one.intent.id)
        told = one.why or one.intent.channel
        yield Row((("  ", ""), (foreign(clip(told, width - 2)), "$soft")), one.intent.id)
        if one.unhandled:
            keys: list[Seg] = [("  r", "$focus bold"), (" send again  ", "$soft"), ("x", "$focus bold"), (" drop", "$soft")]
            yield Row(tuple(keys), one.intent.id)
        elif one.state == "queued":
            keys = [("  c", "$focus bold"), (" copy  ", "$soft"), ("y", "$focus bold"), (" I sent it", "$soft")]
            yield Row(tuple(keys), one.intent.id)
