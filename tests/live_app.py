"""The site with a shorter patience, for tests that would otherwise wait a minute."""

from momentor.foundation.live.limits import Limits
from momentor.project.asgi import Shell

application = Shell(Limits(recheck_seconds=0.3, queued_frames=50, queued_characters=200_000))
