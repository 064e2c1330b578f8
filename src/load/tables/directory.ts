import {
  date,
  instant,
  integer,
  json,
  number,
  SEQ,
  SOURCE,
  table,
  type Table,
  text,
  texts,
  view,
} from './table.ts';

const USERS = view(
  'users',
  'One user as they are now, also a deactivated one and one who belongs by a group alone.',
  {
    columns: {
      ...SOURCE,
      user_id: text('which user'),
      name: text("in the vendor's words"),
      email: text("in the vendor's words"),
      role: text(
        "in the vendor's words; where a user may hold several, those in all of the enterprise. Every role everywhere is in `access_grants`",
      ),
      status: text(
        '`active` or `deactivated`; `active` where the vendor lists members without one',
      ),
      team_id: text("the user's team, where the vendor has teams"),
      team_name: text("the name of the user's team"),
    },
    key: ['source', 'user_id'],
  },
);

const TEAMS = view('teams', 'One team as it is now.', {
  columns: {
    ...SOURCE,
    team_id: text('which team'),
    name: text('its name'),
    attributes: json('all that the vendor says about it'),
  },
  key: ['source', 'team_id'],
});

const ORGANIZATIONS = view('organizations', 'One organization as it is now.', {
  columns: {
    ...SOURCE,
    organization_id: text('which organization'),
    name: text('its name'),
    attributes: json('all that the vendor says about it'),
  },
  key: ['source', 'organization_id'],
});

const ACCESS_GRANTS = view(
  'access_grants',
  'One role that is held now, or one membership of a team.',
  {
    columns: {
      ...SOURCE,
      vendor: text('who the account is with'),
      holder_type: text('`user`, `service_user` or `idp_group`'),
      holder_id: text('who; null for a role of a user name that no single user has'),
      holder_name: text("the holder's name"),
      holder_email: text("the holder's e-mail address"),
      role: text("in the vendor's words; `member` of a team"),
      scope_type: text('`enterprise` (all organizations; without id), `organization`, `team` …'),
      scope_id: text('where the role holds'),
      scope_name: text('its name'),
      since: instant('from when on it was held without an interruption, as far as it was observed'),
    },
    key: ['source', 'holder_type', 'holder_id', 'holder_name', 'role', 'scope_type', 'scope_id'],
    time: 'since',
  },
);

const ENTITY_HISTORY = view(
  'entity_history',
  'One version of one thing: a user, a team, a license, a role …',
  {
    columns: {
      ...SOURCE,
      vendor: text('who the account is with'),
      entity_type: text('what kind of thing'),
      entity_id: text('which thing'),
      name: text('its name, where it has one'),
      email: text('its e-mail address, where it has one'),
      attributes: json(
        'all that the vendor says about it, with what the request adds, for example `role` of a permission or `team_id` of a repository',
      ),
      valid_from: instant(
        "the vendor's time of change where it gives one, else when it was first seen so",
      ),
      valid_to: instant(
        'when the next version began or the thing was no longer there; null for the current one',
      ),
      ...SEQ,
    },
    key: ['source', 'entity_type', 'entity_id', 'valid_from', 'seq'],
    time: 'valid_from',
    lake: {
      order:
        'valid_from, entity_type, entity_id, seq, valid_to, name, email, "attributes"::varchar, vendor',
      widest: '"attributes"',
      lasting: true,
      // A version ends where the next one begins.
      changed: `
      select source, valid_from
      from (
        select *, lead(seq) over (partition by source, entity_type, entity_id order by seq, n) as next_seq
        from internal.dated_versions
      )
      where present and seq <= $seq and next_seq > $seq`,
    },
    delivery: {
      uid: 'row_uid',
      time: 'valid_from',
      clustering: ['source', 'entity_type', 'entity_id'],
      formats: ['auditlake'],
      isDefault: false,
      from: '(from internal.entity_versions where present)',
      bytes: 'strlen(attributes::varchar)',
    },
  },
);

const SEATS = view('seats', 'Seats that are licensed and seats that are taken, of one account.', {
  columns: {
    ...SOURCE,
    seats: integer('licensed; null if the license does not say so in a number'),
    seats_cap: integer(
      'the most that there can be; null if the license does not say so in a number',
    ),
    expires_at: instant('when the license ends'),
    active_users: integer(
      'registered users that are active now; null if no list of users was read',
    ),
    used_share: number('active users / seats'),
  },
  key: ['source'],
});

const UNUSED_ACCOUNTS = view(
  'unused_accounts',
  'One active user of whom no activity was read for 30 days.',
  {
    columns: {
      ...SOURCE,
      user_id: text('whose account'),
      person_id: text('whose, as in `people`'),
      name: text("the user's name"),
      email: text("the user's e-mail address"),
      team_id: text("the user's team"),
      team_name: text("the name of the user's team"),
      last_active_day: date(
        'the last day with activity of all that was read; null if there was none',
      ),
      read_to: instant('the end of the newest period that was read'),
    },
    key: ['source', 'user_id'],
  },
);

const ADMINS = view('admins', 'One person who holds a role that administers now.', {
  columns: {
    ...SOURCE,
    user_id: text('who; null where a list has user names only and no single user has that name'),
    name: text("the person's name"),
    email: text("the person's e-mail address"),
    status: text('`active` or `deactivated`'),
    since: instant(
      'from when on the role was held without an interruption, as far as it was observed',
    ),
    known_from: texts('the kinds of things that say so, for example `user`, `permission`'),
  },
  key: ['source', 'user_id', 'name'],
  time: 'since',
});

const PERSON = {
  person_id: text(
    'whose: the first of their e-mail addresses in lower case, or an account where none is known; what the [file of people](people.md) says before all',
  ),
};

const PEOPLE = view(
  'people',
  'One person with all accounts at all vendors, by what the accounts have in common: an e-mail address, a SAML or SCIM name, a login at one vendor.',
  {
    columns: {
      ...PERSON,
      name: text('as one of the accounts has it, one that is active before others'),
      emails: texts('every address that an account has, in lower case'),
      vendors: texts('with whom the accounts are'),
      active_in: texts('the sources at which an account is active'),
      gone_from: texts('the sources that have an account and none that is active'),
      gone_seen_at: instant('when the first of those was read that way'),
      accounts: integer('how many there are'),
    },
    key: ['person_id'],
  },
);

const PERSON_ACCOUNTS = table(
  'person_accounts',
  'One account of one person, also one that was deactivated or is no longer listed.',
  {
    columns: {
      ...PERSON,
      ...SOURCE,
      vendor: text('who the account is with'),
      account_type: text(
        '`user`; `idp_user` for one that belongs by a group of an identity provider; or what else a vendor lists people as',
      ),
      user_id: text("the vendor's id"),
      name: text("in the vendor's words"),
      email: text('in lower case'),
      status: text(
        '`active`, `deactivated`, `removed` if it is no longer listed, or in the vendor’s words',
      ),
      status_seen_at: instant('when its present state was read first'),
      known_by: texts('what ties it to other accounts; what is ambiguous does not'),
    },
    key: ['source', 'account_type', 'user_id'],
  },
);

const LEAVERS = view('leavers', 'One person who is gone from one source and active at another.', {
  columns: {
    ...PERSON,
    name: text('the name'),
    emails: texts('every address that an account has, in lower case'),
    gone_from: texts('the sources at which no account is active any more'),
    active_in: texts('the sources at which one still is'),
    gone_seen_at: instant('when it was first read that an account was gone'),
  },
  key: ['person_id'],
});

const AMBIGUOUS_IDENTITIES = table(
  'ambiguous_identities',
  'What cannot say who is who, and ties nobody together.',
  {
    columns: {
      ...SOURCE,
      identity: text('what they are known by, for example `email:ann@acme.test`'),
      account_type: text('what kind of accounts'),
      user_ids: texts('which accounts'),
      reason: text(
        '`two active accounts have it`, or `your file says that it is of several people`',
      ),
    },
    key: ['source', 'identity', 'account_type'],
  },
);

export const DIRECTORY: readonly Table[] = [
  USERS,
  TEAMS,
  ORGANIZATIONS,
  ACCESS_GRANTS,
  ENTITY_HISTORY,
  SEATS,
  UNUSED_ACCOUNTS,
  ADMINS,
  PEOPLE,
  PERSON_ACCOUNTS,
  LEAVERS,
  AMBIGUOUS_IDENTITIES,
];
