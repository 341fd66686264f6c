import cProfile, pstats, time, os, threading
from django.db import connection
from django.test.utils import CaptureQueriesContext


def test_measure(connect):
    shop = connect()
    n = 400
    for _ in range(n):
        shop.place(("MUG-INK", 1), ("BOWL-SER-28", 2))
    t = time.perf_counter()
    shop.station("pull")
    print("\npull", n / (time.perf_counter() - t))
    for name in ("send", "follow", "follow", "push"):
        pr = cProfile.Profile() if os.environ.get("PROF") == name else None
        c0 = time.thread_time()
        p0 = time.process_time()
        t = time.perf_counter()
        if pr:
            pr.enable()
        at = shop.station(name)
        if pr:
            pr.disable()
        w = time.perf_counter() - t
        print(
            name,
            f"{n / w:.0f}/s wall, main thread cpu {n / (time.thread_time() - c0):.0f}/s, process cpu {n / (time.process_time() - p0):.0f}/s",
            at.calls,
            at.counts,
        )
        if pr:
            pstats.Stats(pr).sort_stats("tottime").print_stats(25)
            pstats.Stats(pr).sort_stats("cumtime").print_stats("npf/(send|follow|orders|fm|audit)")
