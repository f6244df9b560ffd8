"""Runs the service.

python3 -m service           serves HTTP on $PORT (default 8080) until SIGTERM
python3 -m service -health   exits 0 when the service on $PORT answers, else 1
"""

import sys

from service.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
