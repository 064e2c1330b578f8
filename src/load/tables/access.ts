import { flag, instant, integer, internal, SEQ, SOURCE, type Table, text, view } from './table.ts';

const GRANTS = view('grants', 'One change of access: a role or a membership granted or revoked.', {
  columns: {
    at: instant(
      'when; of a difference the vendor’s time of change where it gives one, else when it was read',
    ),
    ...SOURCE,
    vendor: text('who the account is with'),
    change: text('`granted` or `revoked`'),
    holder_type: text(
      'who got or lost it: `user`, `service_user`, `api_key`, `team`, `idp_group` …',
    ),
    holder_id: text("the vendor's id of it"),
    holder_name: text("the holder's name"),
    holder_email: text("the holder's e-mail address"),
    role: text("in the vendor's words; `member` of a team; null where an event does not say"),
    is_admin: flag(
      'whether the role administers: as the vendor’s lists have it, else by its name; null without a role',
    ),
    scope_type: text('`enterprise`, `organization`, `team`, `repository` …: in what it holds'),
    scope_id: text('in which of them'),
    scope_name: text('its name'),
    actor_type: text('what kind of actor did it; null of a difference'),
    actor_id: text("the vendor's id of who did it"),
    actor_email: text('the e-mail address of who did it'),
    actor_name: text('the name of who did it'),
    ip_address: text('the address that the request came from, where the vendor logs one'),
    user_agent: text('the program that sent the request, where the vendor logs one'),
    known_by: text('`event`, or `difference` of two readings of the directory'),
    not_before: instant(
      'of a difference: the end of the reading before, in which it was not so. The change lies between the two',
    ),
    event_uid: text('of an event: which'),
    ...SEQ,
  },
  key: [
    'source',
    'at',
    'change',
    'holder_type',
    'holder_id',
    'holder_name',
    'role',
    'scope_type',
    'scope_id',
    'event_uid',
  ],
  time: 'at',
});

const FIRST_SEEN = view(
  'first_seen',
  'One actor at one address with one program: when for the first time, and how often.',
  {
    columns: {
      ...SOURCE,
      vendor: text('who the account is with'),
      actor_type: text('`user`, `service_user`, `api_key`, `system` or `unknown`'),
      actor_id: text("the vendor's id of who it was"),
      actor_name: text('the newest name'),
      actor_email: text('the newest e-mail address'),
      ip_address: text('from where'),
      user_agent: text('with which program; null where the vendor logs none'),
      country: text(
        'in which country the address is, as ISO 3166 has it (`DE`), by the [country file](countries.md); null without one',
      ),
      first_seen_at: instant('when the first such event happened'),
      last_seen_at: instant('when the last such event happened'),
      events: integer('how many there are'),
      first_event_uid: text('the first one'),
    },
    key: [
      'source',
      'actor_type',
      'actor_id',
      'actor_email',
      'actor_name',
      'ip_address',
      'user_agent',
    ],
    time: 'first_seen_at',
  },
);

export const HELD_PERIODS = internal(
  'held_periods',
  'Who held what from when to when, by all lists together: `internal.held_periods_to_hold`, kept so that no query works it out.',
  {
    columns: {
      ...SOURCE,
      vendor: text('who the account is with'),
      holder_type: text('what kind of thing held it'),
      holder_id: text("the vendor's id of it"),
      holder_name: text('for one who is in no list'),
      role: text("in the vendor's words"),
      is_admin: flag('whether the role administers'),
      scope_type: text('in what kind of thing it held'),
      scope_id: text('in which of them'),
      holds_from: instant('when it began'),
      holds_to: instant('when it ended, itself not part of it'),
      begun_stream: text('the list that first had it'),
      begun_seq: integer('by which ledger line'),
      ended_stream: text('the list that no longer had it'),
      ended_seq: integer('by which ledger line'),
    },
    key: [
      'source',
      'holder_type',
      'holder_id',
      'holder_name',
      'role',
      'scope_type',
      'scope_id',
      'holds_from',
    ],
    time: 'holds_from',
  },
);

export const ACCESS: readonly Table[] = [GRANTS, FIRST_SEEN];
