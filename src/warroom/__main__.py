"""`python -m warroom` is the `warroom` command."""

from warroom.cli.main import main

main()
