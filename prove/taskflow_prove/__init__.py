"""What TaskFlow promises when things break, proved on the built binary. Started by prove/run."""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
# Processes and ports are raised there already.
sys.path.insert(0, str(REPOSITORY / "bench"))
