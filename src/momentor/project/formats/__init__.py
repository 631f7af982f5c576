"""How dates look where a language leaves it open."""
