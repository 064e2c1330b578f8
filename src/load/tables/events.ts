import {
  flag,
  instant,
  integer,
  json,
  like,
  number,
  SEQ,
  SOURCE,
  type Table,
  text,
  view,
} from './table.ts';

const AUDIT_EVENT = {
  event_uid: text('unique over all sources'),
  event_id: text("the vendor's id; null where there is none"),
  ...SOURCE,
  vendor: text('who the account is with'),
  organization_id: text(
    'the organization in which it happened; null where it concerns no single one',
  ),
  occurred_at: instant("when it happened, in the vendor's words; null if the event does not say"),
  action: text("the vendor's word for what was done"),
  category: text(
    "what kind of thing the action concerns, in auditlake's words; `other` for an action that is not known yet",
  ),
  activity: text(
    "what kind of act it is, in auditlake's words; `other` for an action that is not known yet",
  ),
  actor_type: text('`user`, `service_user`, `api_key`, `system` or `unknown`'),
  actor_id: text("the vendor's id of who did it"),
  actor_email: text('the e-mail address of who did it'),
  actor_name: text('the name of who did it'),
  target_type: text('the kind of thing it was done to'),
  target_id: text("the vendor's id of what it was done to"),
  target_email: text('the e-mail address of the person it was done to'),
  target_name: text('the name of what it was done to'),
  team_id: text("the actor's team"),
  team_name: text("the name of the actor's team"),
  name_basis: text('where `actor_name` comes from: `event`, `as_of`, `earliest_known` or `none`'),
  ip_address: text('the address that the request came from, where the vendor tells'),
  user_agent: text('the program that sent the request, where the vendor tells'),
  request_id: text("the vendor's id of the request, where the vendor tells"),
  details: json('the rest of what the vendor says about the change'),
  raw: json('the record, JSON-equal to what was served'),
  raw_altered: flag('`raw` had to be repaired to be JSON'),
  revision: integer('1, or more if the vendor changed the event'),
  first_seen_at: instant('when the event was read first'),
  ...SEQ,
};

export const AUDIT_EVENTS = view('audit_events', 'One event, in its newest revision.', {
  columns: AUDIT_EVENT,
  key: ['event_uid'],
  time: 'occurred_at',
  lake: {
    order: 'occurred_at, event_uid',
    widest: 'raw',
    rows: 'internal.events',
    changed: ['actor_id', 'target_id']
      .map(
        (id) => `
    select e.source, e.occurred_at
    from internal.events e join learned l on l.source = e.source and l.entity_id = e.${id}
    where coalesce(e.occurred_at, '-infinity') >= l.since`,
      )
      .join(' union all '),
  },
  delivery: {
    uid: 'event_uid',
    time: 'occurred_at',
    clustering: ['source', 'action'],
    formats: ['auditlake', 'ocsf'],
    isDefault: true,
    from: 'internal.events',
    bytes: 'strlen(raw::varchar)',
  },
});

const PERSON_EVENTS = view('person_events', 'One event and one person in it, by e-mail address.', {
  columns: {
    person_email: text('whose event, in lower case'),
    part: text('`actor`, `target`, or `named` if in any other field of the record'),
    ...like('audit_events', AUDIT_EVENT, Object.keys(AUDIT_EVENT)),
  },
  key: ['event_uid', 'person_email'],
  time: 'occurred_at',
});

const CREDENTIAL_EVENTS = view('credential_events', 'One event about a key, a token or a secret.', {
  columns: like('audit_events', AUDIT_EVENT, [
    'event_uid',
    'source',
    'vendor',
    'organization_id',
    'occurred_at',
    'action',
    'activity',
    'actor_type',
    'actor_id',
    'actor_email',
    'actor_name',
    'target_type',
    'target_id',
    'target_name',
    'details',
    'seq',
  ]),
  key: ['event_uid'],
  time: 'occurred_at',
});

const GUARDRAIL_VIOLATIONS = view(
  'guardrail_violations',
  'One event in which a guardrail stopped an agent or caught it at something.',
  {
    columns: {
      ...like('audit_events', AUDIT_EVENT, [
        'event_uid',
        'source',
        'vendor',
        'organization_id',
        'occurred_at',
      ]),
      actor_type: text('what kind of actor the agent worked for'),
      actor_id: text("the vendor's id of whom the agent worked for"),
      actor_email: text('the e-mail address of whom the agent worked for'),
      actor_name: text('the name of whom the agent worked for'),
      session_id: text('in which session, where the event says so: see `work_sessions`'),
      details: json('what the vendor says about it'),
      ...SEQ,
    },
    key: ['event_uid'],
    time: 'occurred_at',
  },
);

const WORK_SESSIONS = view('work_sessions', 'One session of an agent as it is now.', {
  columns: {
    ...SOURCE,
    session_id: text('which session, without a prefix that the vendor may put before it'),
    organization_id: text('the organization it belongs to'),
    user_id: text('who started it'),
    status: text("how it is, in the vendor's words"),
    origin: text("where it was started from, in the vendor's words"),
    created_at: instant('when it was started'),
    updated_at: instant('when it changed last'),
    acus: number('what it has cost so far, in ACU'),
    service_user_id: text('the service user that started it'),
    title: text("its title, in the vendor's words"),
    status_detail: text("more about its status, in the vendor's words"),
    category: text("what kind of work it is, in the vendor's words"),
    playbook_id: text('the playbook that it follows'),
    parent_session_id: text('the session that started it'),
    is_archived: flag('whether somebody put it away'),
    pull_requests: json('a list'),
    tags: json('a list'),
    raw: json('the record as it was served last'),
    first_seen_at: instant('when the session was read first'),
    ...SEQ,
  },
  key: ['source', 'session_id'],
  time: 'created_at',
  lake: { order: 'created_at, session_id', widest: 'raw' },
  delivery: {
    uid: 'row_uid',
    time: 'updated_at',
    clustering: ['source', 'status'],
    formats: ['auditlake'],
    isDefault: false,
    from: 'internal.sessions',
    bytes: 'strlen(raw::varchar)',
  },
});

export const EVENTS: readonly Table[] = [
  AUDIT_EVENTS,
  PERSON_EVENTS,
  CREDENTIAL_EVENTS,
  GUARDRAIL_VIOLATIONS,
  WORK_SESSIONS,
];
