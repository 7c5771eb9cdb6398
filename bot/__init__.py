"""The composition root: knows everybody, is known by nobody."""

import os

# A process of ours has one core. With more threads, the small products of the matching take several times
# as long. To be said before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
