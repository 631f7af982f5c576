"""What the person at the keyboard can mend."""


class Trouble(Exception):
    """A command that cannot go on; the text says why, and what to do."""
