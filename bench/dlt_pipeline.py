"""The audit log as dlt loads it: fetched page by page from the sandbox, normalised, written as Parquet to a folder.

Arguments: folder, events. Prints one JSON document: version, events, CPU seconds and peak memory, its children included.
"""

import json
import os
import resource
import sys

import dlt
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import OffsetPaginator

PATH = "/api/v1/organization/audit-logs"
LIMIT = 1000

folder, events = sys.argv[1], int(sys.argv[2])
client = RESTClient(
    base_url=os.environ["TABNINE_BASE_URL"],
    auth=BearerTokenAuth(os.environ["TABNINE_TOKEN"]),
    paginator=OffsetPaginator(limit=LIMIT, total_path="total"),
    data_selector="items",
)


@dlt.resource(name="audit_events", primary_key="id", write_disposition="append")
def audit_events():
    yield from client.paginate(PATH, params={"sort": "asc"})


pipeline = dlt.pipeline(
    pipeline_name="bench",
    pipelines_dir=os.path.join(folder, "pipelines"),
    destination=dlt.destinations.filesystem(bucket_url=os.path.join(folder, "lake")),
    dataset_name="audit",
)
pipeline.run(audit_events(), loader_file_format="parquet").raise_on_failed_jobs()
rows = pipeline.last_trace.last_normalize_info.row_counts["audit_events"]
if rows != events:
    sys.exit(f"dlt loaded {rows} events, not {events}")

used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(
    json.dumps(
        {
            "version": dlt.__version__,
            "cpu": sum(u.ru_utime + u.ru_stime for u in used),
            "peak": max(u.ru_maxrss for u in used) * (1 if sys.platform == "darwin" else 1024),
        }
    )
)
