"""A real standalone Spark cluster on this machine: one master and two workers on loopback, a scan, then all stopped.

    python bench/spark_cluster.py                       scan of a made-up year, compared to DuckDB to 1e-9
    python bench/spark_cluster.py --lose-a-worker 5     one worker is killed after five seconds of the scan

Every process is started here and stopped by its own id. On one machine a cluster is never worth it; this shows that
the scan runs on one, and that it finishes when a worker dies.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import scan_data

HOST = "127.0.0.1"
WAIT = 120.0  # seconds for the workers to register
SIGMA = 5.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A master and workers, each in a process group of its own; stopped by id at the end of the block."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self.folder, self.count = folder, workers
        self.address = f"spark://{HOST}:{free_port()}"
        self.started: list[subprocess.Popen[bytes]] = []

    def _start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        import pyspark

        home = Path(pyspark.__file__).parent
        settings = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST, "SPARK_NO_DAEMONIZE": "1",
                    "SPARK_PUBLIC_DNS": HOST, "PYSPARK_PYTHON": sys.executable}  # fmt: skip
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [str(home / "bin" / "spark-class"), *words], stdout=log, stderr=subprocess.STDOUT,
                env=os.environ | settings, start_new_session=True, cwd=self.folder,
            )  # fmt: skip
        self.started.append(process)
        return process

    def __enter__(self) -> Cluster:
        port = self.address.rpartition(":")[2]
        self._start("master", "org.apache.spark.deploy.master.Master", "--host", HOST, "--port", port, "--webui-port",
                    str(free_port()))  # fmt: skip
        time.sleep(5)
        for k in range(self.count):
            self._start(f"worker{k}", "org.apache.spark.deploy.worker.Worker", self.address, "--host", HOST, "--cores",
                        "1", "--memory", "2g", "--webui-port", str(free_port()), "--work-dir",
                        str(self.folder / f"work{k}"))  # fmt: skip
        end = time.monotonic() + WAIT
        while self.registered() < self.count:
            if time.monotonic() > end:
                self.__exit__()
                raise SystemExit(f"{self.registered()} of {self.count} workers registered within {WAIT:g} s")
            time.sleep(1)
        return self

    def registered(self) -> int:
        return (self.folder / "master.log").read_text(errors="replace").count("Registering worker")

    def lose(self) -> None:
        """Kills the first worker and its executors."""
        os.killpg(self.started[1].pid, signal.SIGKILL)

    def __exit__(self, *what: object) -> None:
        for process in reversed(self.started):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def difference(path: Path, address: str) -> float:
    """The largest relative difference between the scan on the cluster and on DuckDB, over all numbers."""
    import warnings

    import numpy as np

    from geoecon import scan

    warnings.simplefilter("ignore")

    found = []
    for engine in (address, "duckdb"):
        table = scan(str(path), "KOR", elasticity=SIGMA, on=engine).table
        found.append(table.sort_values(["product", "exporter"], ignore_index=True))
    if len(found[0]) != len(found[1]):
        raise SystemExit(f"{len(found[0])} rows on the cluster, {len(found[1])} on DuckDB")
    worst = 0.0
    for name in found[1].select_dtypes("number"):
        a, b = (table[name].to_numpy(float) for table in found)
        if not (np.isnan(a) == np.isnan(b)).all():
            raise SystemExit(f"{name}: other cells are missing on the cluster")
        gap = np.abs(a - b) / np.maximum(np.abs(b), 1e-12)
        worst = max(worst, float(np.nanmax(gap)) if np.isfinite(gap).any() else 0.0)
    print(f"{len(found[1]):,} rows, largest relative difference {worst:.1e}")
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--lose-a-worker", type=float, metavar="SECONDS")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="geoecon-spark-") as place:
        path = scan_data.write(Path(place), chosen.rows)
        with Cluster(Path(place)) as cluster:
            print(f"{cluster.address}: {cluster.registered()} workers")
            timer = threading.Timer(chosen.lose_a_worker or 0.0, cluster.lose)
            if chosen.lose_a_worker:
                timer.start()
            begin = time.perf_counter()
            worst = difference(path, cluster.address)
            timer.cancel()
            lost = ", one worker lost on the way" if cluster.started[1].poll() is not None else ""
            print(f"{time.perf_counter() - begin:.0f} s with both engines{lost}")
    if worst > 1e-9:
        raise SystemExit("the cluster gives other figures")


if __name__ == "__main__":
    main()
