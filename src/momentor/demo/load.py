"""Bring the demo community to life."""

def main() -> None:
    pass

def wake_mentors(*, now) -> None:
    pass
