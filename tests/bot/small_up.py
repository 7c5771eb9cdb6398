"""`sessions up` with stand-ins for its roles: `small_up.py <workers>`."""

import sys
from pathlib import Path

from bot import log, redis_server, supervise
from bot.config import Settings

log.setup("up")
if "no-redis" in sys.argv:
    redis_server.executable = lambda: None
program = (sys.executable, str(Path(__file__).with_name("small_role.py")))
try:
    supervise.up(Settings.load(), workers=int(sys.argv[1]), program=program)
except supervise.CannotStart as error:
    sys.exit(str(error))
