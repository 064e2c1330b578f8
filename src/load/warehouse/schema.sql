-- No indexes and no constraints: uniqueness is kept by the statements that load.
create table events (
  event_uid varchar, event_id varchar, source varchar, vendor varchar, organization_id varchar,
  occurred_at timestamptz, action varchar,
  actor_type varchar, actor_id varchar, actor_email varchar, actor_name varchar,
  target_type varchar, target_id varchar, target_email varchar, target_name varchar,
  ip_address varchar, user_agent varchar, request_id varchar,
  details json, raw json, raw_altered boolean,
  revision bigint, first_seen_at timestamptz, seq bigint, n bigint
);

-- Log events that were no longer served, until they are served again.
create table absent_events (event_uid varchar, seq bigint, n bigint, returned_seq bigint);

create table entity_versions (
  source varchar, vendor varchar, stream varchar, entity_type varchar, entity_id varchar,
  name varchar, email varchar, attributes json,
  changed_at timestamptz, seen_at timestamptz, present boolean, seq bigint, n bigint
);

-- A figure as observed: only what differs from the record's version before is a row. NULL is a figure that the
-- newer version no longer has.
create table figures (
  source varchar, vendor varchar, organization_id varchar, stream varchar, record_key varchar,
  dataset varchar, scope varchar, scope_id varchar, period_start timestamptz, period_end timestamptz,
  granularity varchar, tool varchar, model varchar, metric varchar,
  value double, unit varchar, observed_at timestamptz, seq bigint, n bigint, latest boolean
);

-- One row per session: the state that was archived last.
create table sessions (
  source varchar, vendor varchar, session_id varchar, organization_id varchar,
  user_id varchar, service_user_id varchar, status varchar, status_detail varchar, origin varchar, category varchar,
  title varchar, playbook_id varchar, parent_session_id varchar,
  created_at timestamptz, updated_at timestamptz, acus double, is_archived boolean,
  pull_requests json, tags json, raw json, first_seen_at timestamptz, seq bigint, n bigint
);

create table anomalies (
  "at" timestamptz, source varchar, stream varchar, kind varchar, what varchar, seq bigint, n bigint
);

create table ledger (
  seq bigint, "at" timestamptz, kind varchar, run_id varchar, source varchar, vendor varchar,
  stream varchar, stream_kind varchar, file varchar, file_sha256 varchar, file_bytes bigint, pages bigint,
  records bigint, new_records bigint, changed_records bigint, absent_records bigint,
  min_time timestamptz, max_time timestamptz, "cursor" json, seqs json
);

create table runs (
  run_id varchar, started_at timestamptz, finished_at timestamptz, job varchar, outcome varchar,
  streams json, seq bigint
);

-- One stream of one run, out of `runs`. Instants without a zone are UTC.
create table run_streams (
  seq bigint, finished_at timestamptz, job varchar, source varchar, stream varchar, outcome varchar,
  required boolean, lookback_seconds bigint, window_from timestamp, window_to timestamp, watermark timestamp, "cursor" json,
  oldest_served timestamp, checked json
);

create table actions (vendor varchar, action varchar, category varchar, activity varchar);

create table meta (transform_version varchar, seq bigint);

-- Made from `entity_versions` when a generation is completed, so that no query has to do it.
create table names_over_time (
  source varchar, entity_type varchar, entity_id varchar, name varchar, email varchar, valid_from timestamptz,
  team_id varchar, team_name varchar, holds_from timestamptz, holds_to timestamptz
);

create table memberships_over_time (
  source varchar, user_id varchar, team_id varchar, holds_from timestamptz, holds_to timestamptz
);
