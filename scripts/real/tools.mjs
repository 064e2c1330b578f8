/**
 * Real servers and readers that the product is tried with. Each says how it is obtained, which variables tell tests where it is
 * (paths in its folder), and which tests want it: a file, and where only some of its tests do, a part of their names.
 */
import { debian, pip } from './obtain.mjs';

const DUCKDB = ['1.4.4', '1.5.6', '2.0.1'].map((version) => ({
  name: `DuckDB ${version}`,
  obtain: pip([`duckdb==${version}`, 'pytz==2026.6']),
  env: { AUDITLAKE_REAL_DUCKDB: 'bin/python' },
  tests: [['test/real/duckdb.test.ts']],
}));

const PANDAS = ['pandas==3.1.1', 'pyarrow==26.0.1'];

/** `quick` ones are part of every change's checks. */
export const TOOLS = [
  {
    name: 'pandas, pyarrow',
    quick: true,
    obtain: pip(PANDAS),
    env: { PYTHON: 'bin/python' },
    tests: [['test/load/lake-readers.test.ts', 'needs Python with both']],
  },
  {
    name: 'AppInspect',
    quick: true,
    obtain: pip(['splunk-appinspect==4.3.1']),
    env: { SPLUNK_APPINSPECT: 'bin/splunk-appinspect' },
    tests: [['test/sinks/splunk/docs.test.ts', 'needs splunk-appinspect']],
  },
  {
    name: 'promtool',
    quick: true,
    obtain: debian('prometheus'),
    env: { PROMTOOL: 'usr/bin/promtool' },
    tests: [['test/docs/rules.test.ts', 'needs promtool']],
  },
  ...DUCKDB,
  {
    name: 'dbt',
    obtain: pip(['dbt-duckdb==1.10.1', 'dbt-core==1.11.16', 'duckdb==1.5.6']),
    env: { AUDITLAKE_REAL_DBT: 'bin/dbt' },
    tests: [['test/real/dbt.test.ts']],
  },
];
