"""What tmux answers, as values; foreign lines are left out."""

from warroom.core.company import Client
from warroom.tmux.asked import clients_of, named


def test_a_person_has_the_name_given_at_joining_else_the_login_of_their_own_else_the_terminal() -> None:
    rows = (
        ("/dev/pts/1", "root", "1000", "0", "160", "44"),
        ("/dev/pts/2", "root", "990", "1", "80", "24"),
        ("/dev/pts/3", "bo", "980", "0", "100", "30"),
        ("nonsense",),
        ("/dev/pts/4", "x", "?", "0", "1", "1"),
    )
    listed = "\n".join("\t".join(row) for row in rows)
    options = f'status on\n{named("/dev/pts/1")} ada\n{named("/dev/pts/9")} "somebody else"\n'
    assert clients_of(listed, options, "root") == (
        Client("/dev/pts/1", "ada", 1000, False, 160, 44),
        Client("/dev/pts/2", "root on pts/2", 990, True, 80, 24),
        Client("/dev/pts/3", "bo", 980, False, 100, 30),
    )
