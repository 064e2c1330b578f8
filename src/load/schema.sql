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

create table anomalies (
  "at" timestamptz, source varchar, stream varchar, kind varchar, what varchar, seq bigint, n bigint
);

create table ledger (
  seq bigint, "at" timestamptz, kind varchar, run_id varchar, source varchar, vendor varchar,
  stream varchar, file varchar, file_sha256 varchar, file_bytes bigint, pages bigint,
  records bigint, new_records bigint, changed_records bigint, absent_records bigint,
  min_time timestamptz, max_time timestamptz, "cursor" json
);

create table runs (
  run_id varchar, started_at timestamptz, finished_at timestamptz, outcome varchar,
  streams json, seq bigint
);

create table actions (vendor varchar, action varchar, category varchar, activity varchar);

create table meta (transform_version varchar, seq bigint);
