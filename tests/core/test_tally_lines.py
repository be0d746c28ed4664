"""What a single line is: its head and its message, its kind, its values, in whichever format it comes."""

import pytest

from warroom.core.tally.heads import head
from warroom.core.tally.keys import keys
from warroom.core.tally.looks import look
from warroom.core.tally.masks import JOINT, masked
from warroom.core.tally.roles import Role
from warroom.core.tally.tree import LEAF, Tree

HEADS = [
    ("2026-01-05 03:00:00,978 INFO [main] org.acme.app.Master: Created master for job", "info", "Created master for job"),
    ("2026-01-05 03:00:00.123 ERROR 1 --- [nio-8080-exec-1] c.a.demo.Controller : it broke", "error", "it broke"),
    ("2026-01-05 03:00:00,123 - app.name - ERROR - it broke", "error", "it broke"),
    ("2026-01-05 03:00:00,447 - WARN  [Thread[myid=1]/0:0:0:0:0:0:0:0:2181:Leader@774] - it broke", "warn", "it broke"),
    ("26/01/05 03:00:00 INFO executor.Backend: Registered handlers", "info", "Registered handlers"),
    ("260105 030000 148 INFO dfs.DataNode$Responder: Responder 1 terminating", "info", "Responder 1 terminating"),
    ("Jan  5 03:00:00 host sshd(pam_unix)[19939]: session opened", "", "session opened"),
    ("Jan  5 03:00:00 host kernel: it broke", "", "it broke"),
    (
        "- 1767582000 2026.01.05 R02-M1 2026-01-05-03.00.00.363779 R02-M1 RAS KERNEL INFO cache parity corrected",
        "info",
        "cache parity corrected",
    ),
    ("APPREAD 1767582000 2026.01.05 R04 2026-01-05-03.00.00.4 R04 RAS APP FATAL ciod: failed to read", "fatal", "ciod: failed to read"),
    ("134681 node-246 unix.hw state_change.unavailable 1067804742 1 Component changed", "", "Component changed"),
    ("01-05 03:00:00.811  1702  2395 D WindowManager: it froze", "debug", "it froze"),
    ("20260105-03:00:00:606|Step_Counter|30002312|step changed 3579", "", "step changed 3579"),
    ("[Mon Jan 05 03:00:00 2026] [error] [client 10.0.0.1] it broke", "error", "it broke"),
    ("2026-01-05 03:00:00, Info                  CBS    Loaded stack", "info", "Loaded stack"),
    ("E0105 03:00:00.123456       1 file.go:123] it broke", "error", "it broke"),
    ("2026/01/05 03:00:00 [error] 12#12: *34 connect() failed", "error", "connect() failed"),
    ('2026-01-05 03:00:00.123 UTC [1234] app@db ERROR:  relation "x" does not exist', "error", 'relation "x" does not exist'),
    ("2026-01-05T03:00:00.123Z 12 [ERROR] [MY-010] [Server] it broke", "error", "it broke"),
    ("[2026-01-05 03:00:00 +0000] [12] [CRITICAL] WORKER TIMEOUT", "critical", "WORKER TIMEOUT"),
    ('2026-01-05T03:00:00.000Z\tERROR\tcontroller\tfile.go:12\tit broke\t{"a":1}', "error", 'it broke\t{"a":1}'),
    ("2026/01/05 03:00:00 main.go:12: it broke", "", "it broke"),
    ("2026-01-05T03:00:00Z stdout F it broke", "", "it broke"),
    ("INFO 2026-01-05 03:00:00 it broke", "info", "it broke"),
    ("ERROR:    it broke", "error", "it broke"),
    ("[ERROR] it broke", "error", "it broke"),
    ("error: it broke", "error", "error: it broke"),
    ("connected to 10.0.0.1 at 12:00:00 again", "", "connected to 10.0.0.1 at 12:00:00 again"),
    ("Responder 1 for block blk_38 terminating", "", "Responder 1 for block blk_38 terminating"),
]


@pytest.mark.parametrize(("line", "level", "message"), HEADS)
def test_a_head_is_told_from_its_message(line: str, level: str, message: str) -> None:
    found = head(line)
    assert (found.level, line[found.end :]) == (level, message)


ROLES = [
    (Role.ERROR, '{"level":"error","msg":"a"}', "a"),
    (Role.ERROR, '{"severity":"CRITICAL","message":"a"}', "a"),
    (Role.ERROR, '{"lvl":"info","msg":"a","err":"no route"}', "a: no route"),
    (Role.ERROR, '{"level":"warn","msg":"a","exc_info":"Traceback (most recent call last):\\n  File\\nKeyError: 1"}', "a: KeyError: 1"),
    (Role.PLAIN, '{"level":"info","msg":"error while fine","error":null}', "error while fine"),
    (Role.PLAIN, '{"level":"info","msg":"a","error":""}', "a"),
    (Role.ERROR, '{"log":"2026-01-05 03:00:00 ERROR a\\n","stream":"stderr","time":"x"}', "a\n"),
    (Role.ERROR, '2026-01-05T03:00:00Z stderr F {"level":"error","msg":"a"}', "a"),
    (Role.ERROR, 'time="x" level=error msg="a b" err="no route"', "a b: no route"),
    (Role.PLAIN, 'time="x" level=info msg="error a"', "error a"),
    (Role.ERROR, "2026-01-05 03:00:00 request failed", "request failed"),
    (Role.PLAIN, "2026-01-05 03:00:00 finished without errors, 0 failed", "finished without errors, 0 failed"),
    (Role.PLAIN, "2026-01-05 03:00:00 WARNING retry after exception", "retry after exception"),
    (Role.ERROR, "2026-01-05 03:00:00 [w] custom FATAL a", "custom FATAL a"),
    (Role.MORE, '  File "a.py", line 3, in run', 'File "a.py", line 3, in run'),
    (Role.MORE, "\tat a.b.C.d(C.java:3)", "at a.b.C.d(C.java:3)"),
    (Role.MORE, "Caused by: java.lang.X: y", "Caused by: java.lang.X: y"),
    (Role.MORE, "main.(*Server).handle(0xc0000, 0x1)", "main.(*Server).handle(0xc0000, 0x1)"),
    (Role.MORE, "goroutine 7 [running]:", "goroutine 7 [running]:"),
    (Role.MORE, "", ""),
    (Role.TRACE, "Traceback (most recent call last):", "Traceback (most recent call last):"),
    (Role.THROWN, "sqlalchemy.exc.OperationalError: (x) y", "sqlalchemy.exc.OperationalError: (x) y"),
    (Role.THROWN, "socket.timeout: timed out", "socket.timeout: timed out"),
    (Role.THROWN, "KeyboardInterrupt", "KeyboardInterrupt"),
    (Role.LOOSE, "Segmentation fault (core dumped)", "Segmentation fault (core dumped)"),
    (Role.BARE, "listening on port 80", "listening on port 80"),
]


@pytest.mark.parametrize(("role", "line", "message"), ROLES)
def test_a_line_is_known_by_its_structure(role: Role, line: str, message: str) -> None:
    found = look(line)
    assert (found.role, found.message, found.check) == (role, message, None)


CHECKED = [
    ('{"level":50,"msg":"a"}', '{"level":30,"msg":"a"}'),
    ('{"status":503,"path":"/a","msg":"x"}', '{"status":200,"path":"/a","msg":"x"}'),
    (
        '1.2.3.4 - - [05/Jan/2026:03:00:00 +0000] "GET /a HTTP/1.1" 502 1 "-"',
        '1.2.3.4 - - [05/Jan/2026:03:00:00 +0000] "GET /a HTTP/1.1" 204 523 "-"',
    ),
    ('INFO:     10.0.0.1:5 - "POST /b HTTP/1.1" 500 Internal', 'INFO:     10.0.0.1:5 - "POST /b HTTP/1.1" 200 OK'),
]


@pytest.mark.parametrize(("fault", "fine"), CHECKED)
def test_what_numbers_decide_is_asked_of_every_line(fault: str, fine: str) -> None:
    for line in (fault, fine):
        check = look(line).check
        assert check is not None
        assert bool(check.search(line.encode())) == (line == fault)
    assert keys(fault.encode()) == keys(fine.encode()) or "Internal" in fault


def test_an_endpoint_is_told_without_its_numbers() -> None:
    assert look('"GET /api/v1/train/17?user=9 HTTP/1.1" 503 1').told == "GET /api/v1/train/<*> 5xx"


MASKS = [
    ("took 12 ms, 3.5% of 0x1f", f"took <*>{JOINT}ms, <*> of <*>"),
    ("1.5 KB (7 B) or 00:17, 5 sets", f"<*>{JOINT}KB (<*>{JOINT}B) or <*>, <*> sets"),
    ("lease 123e4567-e89b-12d3-a456-426614174000 lost", "lease <*> lost"),
    ("from 10.0.0.7:8080 to fe80::1ff:fe23:4567:890a", "from <*> to <*>"),
    ("block blk_-38865 on node-246.rack3", "block <*> on <*>"),
    ("open /var/lib/app/data.db failed", "open <*> failed"),
    ("mail to ann@example.org at https://a.b/c?d=1", "mail to <*> at <*>"),
    ("commit deadbeef01 of cafe", "commit <*> of cafe"),
    ("code=7, user=bob", "code=<*>, user=bob"),
    ("nothing to see", "nothing to see"),
]


@pytest.mark.parametrize(("message", "expected"), MASKS)
def test_values_are_put_out_of_sight(message: str, expected: str) -> None:
    assert masked(message) == expected


def test_lines_that_differ_in_numbers_have_one_key() -> None:
    lines = [
        b"job 1 by 0x1f at 123e4567-e89b-12d3-a456-426614174000\r",
        b"job 234 by 0xabcdef at 00000000-ffff-eeee-dddd-aaaaaaaaaaaa",
        b"job 5 by 0x0 at 123e4567-e89b-12d3-a456-426614174999\x00",
        b"job x by 0x0 at 123e4567-e89b-12d3-a456-426614174999",
    ]
    one, two, three, other = keys(b"\n".join(lines))
    assert one == two == three != other


def test_messages_that_mostly_agree_are_one_template() -> None:
    tree = Tree()
    first = tree.fold("user ann logged in from <*>")
    assert tree.fold("user ann logged out from <*>") is first
    assert first.text == "user ann logged <*> from <*>"
    assert tree.fold("user ann never came in <*>") is not first
    assert tree.fold("user ann logged in") is not first


def test_a_number_is_one_word_with_its_unit() -> None:
    tree = Tree()
    first = tree.fold(masked("the link was closed after 12 s"))
    assert first.text == "the link was closed after <*> s"
    assert tree.fold(masked("the link was closed after 00:17")) is first
    assert first.text == "the link was closed after <*>"


def test_what_programs_do_is_no_value() -> None:
    tree = Tree()
    first = tree.fold("[instance: <*>] VM Started (Lifecycle Event)")
    assert tree.fold("[instance: <*>] VM Paused (Lifecycle Event)") is not first
    assert tree.fold("[instance: <*>] VM alpha (Lifecycle Event)") is first


def test_a_beginning_with_too_many_endings_is_told_alone() -> None:
    tree = Tree()
    for number in range(LEAF):
        tree.fold(f"a b c{chr(200 + number)} d{chr(200 + number)} e{chr(200 + number)}")
    rest = tree.fold("a b x y z")
    assert rest.text == "a b <*> <*> <*>"
    assert tree.fold("a b u v w") is rest
