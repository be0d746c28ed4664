"""What acts unasked: facts become verdicts, and the one console on watch writes down what it sees."""
