import { HELD_PERIODS } from './access.ts';
import { HELD_FINDINGS } from './findings.ts';
import {
  flag,
  instant,
  integer,
  internal,
  json,
  number,
  packed,
  type Table,
  text,
  texts,
  utc,
} from './table.ts';

/** Where the row stands in the archive: the batch's ledger line, and the line in the batch. */
const PLACE = {
  seq: integer('the ledger line of the batch that brought it'),
  n: integer('the line in the batch'),
};

const EVENTS = internal(
  'events',
  'One event, in its newest revision, before names are looked up.',
  {
    columns: {
      event_uid: packed(text('unique over all sources: the source and the key of the record')),
      event_id: packed(text("the vendor's id; null where there is none")),
      source: text('the configured name of the account at the vendor'),
      vendor: text('its type'),
      organization_id: text(
        'the organization in which it happened; null where it concerns no single one',
      ),
      occurred_at: instant(
        "when it happened, in the vendor's words; null if the event does not say",
      ),
      action: text("the vendor's word for what was done"),
      actor_type: text('`user`, `service_user`, `api_key`, `system` or `unknown`'),
      actor_id: text("the vendor's id of who did it"),
      actor_email: text('the e-mail address of who did it, where the event has it'),
      actor_name: text('the name of who did it, where the event has it'),
      target_type: text('the kind of thing it was done to'),
      target_id: text("the vendor's id of what it was done to"),
      target_email: text('the e-mail address of the person it was done to'),
      target_name: text('the name of what it was done to, where the event has it'),
      ip_address: text('the address that the request came from'),
      user_agent: text('the program that sent the request'),
      request_id: packed(text("the vendor's id of the request")),
      details: json('the rest of what the vendor says about the change'),
      raw: packed(json('the record, JSON-equal to what was served')),
      raw_altered: flag('`raw` had to be repaired to be JSON'),
      revision: integer('1, or more if the vendor changed the event'),
      first_seen_at: instant('when the event was read first'),
      ...PLACE,
    },
    key: ['seq', 'n', 'event_uid'],
    time: 'occurred_at',
  },
);

const ADDRESS_COUNTRIES = internal(
  'address_countries',
  'One address of an event, and what the country file says of it.',
  {
    columns: {
      ip_address: text('the address, as the event has it'),
      country: text('ISO 3166 code; null for one that the file does not know'),
    },
    key: ['ip_address'],
  },
);

const COUNTRY_FILE = internal(
  'country_file',
  'The country file whose countries are held; no row if there is none.',
  { columns: { version: text('the SHA-256 of the file') }, key: ['version'] },
);

const ABSENT_EVENTS = internal('absent_events', 'One event of a log that was no longer served.', {
  columns: {
    event_uid: text('of the event'),
    ...PLACE,
    returned_seq: integer('where it was served again'),
  },
  key: ['seq', 'n', 'event_uid'],
});

const ENTITY_VERSIONS = internal(
  'entity_versions',
  'One version of one thing; only what differs from the version before is one.',
  {
    columns: {
      source: text('the configured name of the account at the vendor'),
      vendor: text('its type'),
      stream: text('that listed it'),
      entity_type: text('`user`, `team`, `organization`, `role` …: singular'),
      entity_id: text("the vendor's id of it"),
      name: text('what it is called'),
      email: text('of a person'),
      identities: texts(
        'what else a person is known by, as `saml:…`, `scim:…`, `email:…` or `login:…`: the same person at another vendor has it too',
      ),
      attributes: json('all that the vendor says of it'),
      changed_at: instant("the vendor's time of change"),
      seen_at: instant('when this version was read first'),
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
      holder_name: text('for one who is in no list'),
      role: text('its name; null where the vendor gives an id only'),
      role_id: text("the vendor's id of the role"),
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
      user_id: text("the vendor's id of the user"),
      user_name: text('for one who is in no list of users'),
      team_id: text("the vendor's id of the team"),
    },
    key: ['seq', 'n', 'user_id', 'team_id'],
  },
);

const FIGURES = internal(
  'figures',
  "A figure as observed: only what differs from the record's version before is a row.",
  {
    columns: {
      source: text('the configured name of the account at the vendor'),
      vendor: text('its type'),
      organization_id: text('whose figure it is; null for the whole account'),
      stream: text('that brought it'),
      record_key: text('the key of the record that has it'),
      dataset: text('the API that it is a figure of; figures of different ones are never added'),
      scope: text(
        '`enterprise`, `organization`, `workspace`, `project`, `team`, `user`, `service_user`, `api_key` or `session`',
      ),
      scope_id: text("the vendor's id of that"),
      period_start: instant('where the period begins'),
      period_end: instant('where it ends, itself not part of it'),
      granularity: text('`all`, `daily`, `weekly`, `monthly` or `snapshot`'),
      tool: text('null unless the vendor splits by product'),
      model: text('null unless the vendor splits by model'),
      metric: text("the vendor's path to the number, in snake case"),
      value: number('null for a figure that the newer version of the record no longer has'),
      unit: text('what is counted; `users` of a distinct count, which is never added'),
      observed_at: instant('when it was read'),
      ...PLACE,
      latest: flag('whether no newer version of the record replaces it'),
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
      source: text('the configured name of the account at the vendor'),
      vendor: text('its type'),
      session_id: text("the vendor's id of it"),
      organization_id: text('the organization it belongs to'),
      user_id: text('who began it'),
      service_user_id: text('the service user that began it'),
      status: text('how far it is, in the vendor’s words'),
      status_detail: text('more on that'),
      origin: text('where it was begun: the web, an API, a chat …'),
      category: text('what it is about, in the vendor’s words'),
      title: text('what it is called'),
      playbook_id: text('the playbook it follows'),
      parent_session_id: text('the session that began it'),
      created_at: instant('when it began'),
      updated_at: instant('when it last changed'),
      acus: number('what it has consumed, in ACU'),
      is_archived: flag('whether it was archived at the vendor'),
      pull_requests: json('those it has opened'),
      tags: json('its tags'),
      raw: packed(json('the record, JSON-equal to what was served')),
      first_seen_at: instant('when the session was read first'),
      ...PLACE,
    },
    key: ['seq', 'n', 'session_id'],
    time: 'created_at',
  },
);

const RUN_STREAMS = internal('run_streams', 'What one run did with one stream, out of `runs`.', {
  columns: {
    seq: integer('the ledger line of the run'),
    finished_at: instant('when the run had read everything'),
    job: text('`sync`, `backfill` or `reconcile`'),
    source: text('the configured name of the account at the vendor'),
    stream: text('that it read'),
    outcome: text('`complete`, `incomplete`, `failed` or `unavailable`'),
    required: flag('whether the stream must work'),
    lookback_seconds: integer('how far before the watermark it read again'),
    window_from: utc('where the window that it read begins'),
    window_to: utc('where that ends'),
    watermark: utc('everything before it had been read then'),
    cursor: json('as the ledger has it'),
    oldest_served: utc('when the oldest event happened that the vendor then served'),
    checked: json('the days that were compared with the vendor'),
    awaited: integer('how many periods the vendor had yet to report on'),
  },
  key: ['seq', 'source', 'stream'],
  time: 'finished_at',
});

const ACTIONS = internal('actions', "What an action of a vendor is, in auditlake's words.", {
  columns: {
    vendor: text('the type of the source'),
    action: text("the vendor's word"),
    category: text('what kind of thing it concerns'),
    activity: text('what kind of act it is'),
    finding: text('what the action reports a finding of: `guardrail`'),
  },
  key: ['vendor', 'action'],
});

const ACCESS_CHANGES = internal(
  'access_changes',
  'What an action of a vendor changes of who may do what. Paths are into the details of the event.',
  {
    columns: {
      vendor: text('the type of the source'),
      action: text("the vendor's word"),
      change: text('`granted` or `revoked`'),
      kind: text('what kind of thing gets or loses it; nothing for the target of the event'),
      holder: text('where its id is; nothing for the target of the event'),
      role: text('where the role is, or its name'),
      scope: text('in what kind of thing it holds'),
      place: text('where the id of that is'),
    },
    key: ['vendor', 'action', 'change'],
  },
);

const MEASURES = internal('measures', "What figures of a stream measure, in auditlake's words.", {
  columns: {
    vendor: text('the type of the source'),
    stream: text('that brings the figures'),
    metric: text('`*` stands for any text'),
    measure: text('`cost`, `sessions` …: what they measure'),
    split: text('null for a total, `product`, `model`, `both`, or `any`'),
    purpose: text("what a model was used for; `*` for the metric's first word"),
    basis: text('of what costs: `billed`, `list_price`, `credits` or `tokens`'),
    whole: text(
      'the dataset whose totals have these figures in them; null for its own, `none` where no total has them',
    ),
  },
  key: ['vendor', 'stream', 'metric', 'measure', 'split', 'basis'],
});

const VENDORS = internal('vendors', "A vendor's product and its maker, as OCSF names them.", {
  columns: {
    vendor: text('the type of the source'),
    product: text('what it is called'),
    maker: text('who makes it'),
  },
  key: ['vendor'],
});

const STATED_STREAMS = internal(
  'stated_streams',
  'What is known of a stream before it brings anything, and how long its vendor says that it keeps it.',
  {
    columns: {
      vendor: text('the type of the source'),
      stream: text('which stream'),
      kind: text('`log`, `changes`, `series` or `snapshot`'),
      once: flag('it has ended: it is read once and never again'),
      seconds: integer('for how long the vendor keeps it; null where it does not say'),
    },
    key: ['vendor', 'stream'],
  },
);

const STATED_IDENTITIES = internal(
  'stated_identities',
  'What the file of people says, which the configuration names: whose an account or an identity is.',
  {
    columns: {
      person_id: text('whose'),
      identity: text('an identity as in `known_by` of `person_accounts`, or an account'),
    },
    key: ['identity'],
  },
);

const META = internal(
  'meta',
  'How far this generation reaches, and the version of the mapping that made it.',
  {
    columns: {
      transform_version: text('a digest of all mappings and words'),
      seq: integer('the last ledger line that is in'),
    },
    key: ['seq', 'transform_version'],
  },
);

const NAMES_OVER_TIME = internal(
  'names_over_time',
  'What a thing was called at any time: `internal.names_to_hold`, kept so that no query works it out.',
  {
    columns: {
      source: text('the configured name of the account at the vendor'),
      entity_type: text('the kind of thing'),
      entity_id: text("the vendor's id of it"),
      name: text('what it was called'),
      email: text('of a person'),
      valid_from: instant('where the version begins by what is known of it'),
      team_id: text('the team that the version names'),
      team_name: text('the name of that team'),
      holds_from: instant('where the name begins to hold'),
      holds_to: instant('where it ends, itself not part of it'),
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
      source: text('the configured name of the account at the vendor'),
      user_id: text("the vendor's id of the user"),
      team_id: text("the vendor's id of the team"),
      holds_from: instant('where the membership begins to hold'),
      holds_to: instant('where it ends, itself not part of it'),
    },
    key: ['user_id', 'team_id', 'holds_from'],
    time: 'holds_from',
  },
);

/** What the public tables are made from. */
export const INTERNAL: readonly Table[] = [
  EVENTS,
  ADDRESS_COUNTRIES,
  COUNTRY_FILE,
  ABSENT_EVENTS,
  ENTITY_VERSIONS,
  GRANTS,
  MEMBERSHIPS,
  FIGURES,
  SESSIONS,
  HELD_FINDINGS,
  RUN_STREAMS,
  ACTIONS,
  ACCESS_CHANGES,
  MEASURES,
  VENDORS,
  STATED_STREAMS,
  STATED_IDENTITIES,
  META,
  NAMES_OVER_TIME,
  MEMBERSHIPS_OVER_TIME,
  HELD_PERIODS,
];
