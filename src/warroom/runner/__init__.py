"""Running the runbook's commands: pinned, limited, and never longer than the console lives."""
