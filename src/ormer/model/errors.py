"""What makes Ormer stop: input it cannot read or a call it cannot complete."""


class InputError(Exception):
    """Input that cannot be judged at all.

    The message is one line for a person: what is wrong and where. The command
    line prints it on standard error and exits with 2.
    """


class AwsError(Exception):
    """An AWS call that failed, as one line for a person: which call, why, what to do."""
