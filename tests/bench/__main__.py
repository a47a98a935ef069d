"""Print every figure."""

import tempfile
from pathlib import Path

from tests.bench.audit import bench_audit
from tests.bench.big import bench_big_cities
from tests.bench.board import bench_big_board, bench_board
from tests.bench.charts import bench_chart
from tests.bench.counting import bench_counters
from tests.bench.history import bench_history
from tests.bench.importing import bench_import
from tests.bench.load import bench_load
from tests.bench.pictures import bench_pictures
from tests.bench.protecting import bench_protection
from tests.bench.recording import bench_session

BENCHES = (
    *(bench_session, bench_chart, bench_pictures, bench_import, bench_board, bench_counters),
    *(bench_history, bench_protection),
)

with tempfile.TemporaryDirectory() as folder:
    for bench in BENCHES:
        bench(Path(folder))

bench_big_cities()
bench_big_board()
bench_load()
bench_audit()
