"""Starts local-bigquery with the extensions of DuckDB that come as packages, where it would download them."""

import sys

import duckdb
import duckdb_ext

open_database = duckdb.connect


def connect(*args, config=None, **options):
    connection = duckdb_ext.init(open_database(*args, **options))
    # As settings of a new database they would want an extension before it is known where those are.
    for name, value in (config or {}).items():
        connection.execute(f"set {name} = '{value}'")
    return connection


duckdb.connect = connect
from local_bigquery import cli
from local_bigquery.engine import database

objects = database.objects
# Of a table that was made just now DuckLake has no number of rows, which local-bigquery multiplies.
database.objects = lambda *of: [(name, kind, rows or 0) for name, kind, rows in objects(*of)]

cli.main(sys.argv[1:])
