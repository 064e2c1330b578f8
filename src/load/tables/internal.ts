import { flag, instant, integer, internal, json, number, type Table, text, utc } from './table.ts';

/** Where the row stands in the archive: the batch's ledger line, and the line in the batch. */
const PLACE = { seq: integer(), n: integer() };

const EVENTS = internal(
  'events',
  'One event, in its newest revision, before names are looked up.',
  {
    columns: {
      event_uid: text(),
      event_id: text(),
      source: text(),
      vendor: text(),
      organization_id: text(),
      occurred_at: instant(),
      action: text(),
      actor_type: text(),
      actor_id: text(),
      actor_email: text(),
      actor_name: text(),
      target_type: text(),
      target_id: text(),
      target_email: text(),
      target_name: text(),
      ip_address: text(),
      user_agent: text(),
      request_id: text(),
      details: json(),
      raw: json(),
      raw_altered: flag(),
      revision: integer(),
      first_seen_at: instant(),
      ...PLACE,
    },
    key: ['seq', 'n', 'event_uid'],
    time: 'occurred_at',
  },
);

const ABSENT_EVENTS = internal('absent_events', 'One event of a log that was no longer served.', {
  columns: { event_uid: text(), ...PLACE, returned_seq: integer('where it was served again') },
  key: ['seq', 'n', 'event_uid'],
});

const ENTITY_VERSIONS = internal(
  'entity_versions',
  'One version of one thing; only what differs from the version before is one.',
  {
    columns: {
      source: text(),
      vendor: text(),
      stream: text(),
      entity_type: text(),
      entity_id: text(),
      name: text(),
      email: text(),
      attributes: json(),
      changed_at: instant("the vendor's time of change"),
      seen_at: instant(),
      present: flag('false where the thing was no longer listed'),
      ...PLACE,
    },
    key: ['seq', 'n', 'entity_type', 'entity_id'],
    time: 'seen_at',
  },
);

const GRANTS = internal(
  'grants',
  'One role that somebody holds by the version of a thing with the same seq and n.',
  {
    columns: {
      ...PLACE,
      holder_type: text('`user`, `service_user`, `idp_group` …'),
      holder_id: text('null where the vendor gives a user name only'),
      holder_name: text(),
      role: text('its name; null where the vendor gives an id only'),
      role_id: text(),
      is_admin: flag('whether the role administers'),
      scope_type: text('what it holds in: `enterprise` for all, else an entity type'),
      scope_id: text('null for all, or for the only one there is'),
      expires_at: instant('null for a role that does not end by itself'),
    },
    key: ['seq', 'n', 'holder_type', 'holder_id', 'role', 'scope_type', 'scope_id'],
  },
);

const MEMBERSHIPS = internal(
  'memberships',
  'One user who is in a team by the version of a thing with the same seq and n.',
  {
    columns: {
      ...PLACE,
      user_id: text(),
      user_name: text('for one who is in no list of users'),
      team_id: text(),
    },
    key: ['seq', 'n', 'user_id', 'team_id'],
  },
);

const FIGURES = internal(
  'figures',
  "A figure as observed: only what differs from the record's version before is a row.",
  {
    columns: {
      source: text(),
      vendor: text(),
      organization_id: text(),
      stream: text(),
      record_key: text(),
      dataset: text(),
      scope: text(),
      scope_id: text(),
      period_start: instant(),
      period_end: instant(),
      granularity: text(),
      tool: text(),
      model: text(),
      metric: text(),
      value: number('null for a figure that the newer version of the record no longer has'),
      unit: text(),
      observed_at: instant(),
      ...PLACE,
      latest: flag(),
    },
    key: ['seq', 'n', 'record_key', 'metric', 'tool', 'model'],
    time: 'period_start',
  },
);

const SESSIONS = internal(
  'sessions',
  'One session of an agent, in the state that was archived last.',
  {
    columns: {
      source: text(),
      vendor: text(),
      session_id: text(),
      organization_id: text(),
      user_id: text(),
      service_user_id: text(),
      status: text(),
      status_detail: text(),
      origin: text(),
      category: text(),
      title: text(),
      playbook_id: text(),
      parent_session_id: text(),
      created_at: instant(),
      updated_at: instant(),
      acus: number(),
      is_archived: flag(),
      pull_requests: json(),
      tags: json(),
      raw: json(),
      first_seen_at: instant(),
      ...PLACE,
    },
    key: ['seq', 'n', 'session_id'],
    time: 'created_at',
  },
);

const RUN_STREAMS = internal('run_streams', 'What one run did with one stream, out of `runs`.', {
  columns: {
    seq: integer(),
    finished_at: instant(),
    job: text(),
    source: text(),
    stream: text(),
    outcome: text(),
    required: flag(),
    lookback_seconds: integer(),
    window_from: utc(),
    window_to: utc(),
    watermark: utc(),
    cursor: json(),
    oldest_served: utc(),
    checked: json(),
  },
  key: ['seq', 'source', 'stream'],
  time: 'finished_at',
});

const ACTIONS = internal('actions', "What an action of a vendor is, in auditlake's words.", {
  columns: {
    vendor: text(),
    action: text(),
    category: text(),
    activity: text(),
    finding: text('what the action reports a finding of: `guardrail`'),
  },
  key: ['vendor', 'action'],
});

const MEASURES = internal('measures', "What figures of a stream measure, in auditlake's words.", {
  columns: {
    vendor: text(),
    stream: text(),
    metric: text('`*` stands for any text'),
    measure: text(),
    split: text('null for a total, `product`, `model`, or `any`'),
    purpose: text("what a model was used for; `*` for the metric's first word"),
  },
  key: ['vendor', 'stream', 'metric', 'measure', 'split'],
});

const VENDORS = internal('vendors', "A vendor's product and its maker, as OCSF names them.", {
  columns: { vendor: text(), product: text(), maker: text() },
  key: ['vendor'],
});

const META = internal(
  'meta',
  'How far this generation reaches, and the version of the mapping that made it.',
  {
    columns: { transform_version: text(), seq: integer() },
    key: ['seq', 'transform_version'],
  },
);

const NAMES_OVER_TIME = internal(
  'names_over_time',
  'What a thing was called at any time: `internal.names_to_hold`, kept so that no query works it out.',
  {
    columns: {
      source: text(),
      entity_type: text(),
      entity_id: text(),
      name: text(),
      email: text(),
      valid_from: instant(),
      team_id: text(),
      team_name: text(),
      holds_from: instant(),
      holds_to: instant(),
    },
    key: ['entity_type', 'entity_id', 'holds_from'],
    time: 'valid_from',
  },
);

const MEMBERSHIPS_OVER_TIME = internal(
  'memberships_over_time',
  'The team of a user at any time: `internal.memberships_to_hold`, kept so that no query works it out.',
  {
    columns: {
      source: text(),
      user_id: text(),
      team_id: text(),
      holds_from: instant(),
      holds_to: instant(),
    },
    key: ['user_id', 'team_id', 'holds_from'],
    time: 'holds_from',
  },
);

/** What the public tables are made from. */
export const INTERNAL: readonly Table[] = [
  EVENTS,
  ABSENT_EVENTS,
  ENTITY_VERSIONS,
  GRANTS,
  MEMBERSHIPS,
  FIGURES,
  SESSIONS,
  RUN_STREAMS,
  ACTIONS,
  MEASURES,
  VENDORS,
  META,
  NAMES_OVER_TIME,
  MEMBERSHIPS_OVER_TIME,
];
