"""How long it takes, how much it needs, and how it stands beside other engines: `python -m matchwell.bench`."""
