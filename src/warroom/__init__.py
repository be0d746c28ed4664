"""A terminal war room: the team's runbook is the program."""
