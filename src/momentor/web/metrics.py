"""What the site counts, for Prometheus. Several web processes count into files of one folder: console/serving.py."""

from prometheus_client import Counter, Gauge, Histogram

pages = Histogram(
    "momentor_page_seconds",
    "Seconds a page took, by page, method and status.",
    ["page", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
live_connections = Gauge("momentor_live_connections", "Open live connections.", multiprocess_mode="livesum")
live_deliveries = Counter("momentor_live_deliveries", "Live messages handed to connections.")
