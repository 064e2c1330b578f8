"""Reads a job as JSON from stdin, makes its tables, and writes types and answers as JSON to stdout."""

import json
import sys

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

job = json.load(sys.stdin)
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.sql.shuffle.partitions", "2")
    # Any but UTC: what is right in it is right because of the file, not by chance.
    .config("spark.sql.session.timeZone", "Pacific/Auckland")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")


def answer(sql):
    try:
        return {"rows": [list(row) for row in spark.sql(sql).collect()]}
    except (PySparkException, Py4JJavaError) as error:
        return {"error": str(error)}


types = []
for table in job["tables"]:
    inferred = spark.read.parquet(table["folder"]) if table["infer"] else None
    types.append(dict(inferred.dtypes) if inferred is not None else {})
    spark.sql(table["ddl"])
    spark.sql(f"msck repair table {table['name']}")
json.dump(
    {"version": spark.version, "types": types, "answers": [answer(sql) for sql in job["queries"]]},
    sys.stdout,
)
spark.stop()
