"""VULNERABLE BY DESIGN. Runs the service with the holes of this package, which no build of the
service copies. The hardening drill attacks it in a container without a network. Never release it,
never publish its port.

python3 -m drill   serves as python3 -m service does, and more than it should
"""

import sys

from drill.routes import MARK, ROUTES
from service.main import main

if __name__ == "__main__":
    print(f"VULNERABLE {MARK}: keep this service away from every network", flush=True)
    sys.exit(main(sys.argv[1:], ROUTES))
