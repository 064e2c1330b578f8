/** What a parameter of a question can name, and where the names are: what is named wrongly finds nothing, as what is not there does. */

type Named = {
  /** Says that there is none; `$` is what was given. */
  none: string;
  /** SELECT of `name`, as it may be given, and `said`, as the question takes it. */
  names: string;
  /** Whether a part of a name is enough. */
  byPart?: boolean;
  /** It is copied rather than typed: what is near it is another thing. */
  isCopied?: boolean;
};

const ADDRESS = "if(contains(person_id, '@'), person_id, min(email) over (partition by person_id))";

/** People by their addresses; and by what accounts are called, which no question takes. */
const PEOPLE = `
  select lower(unnest(list_distinct(list_concat(
    [user_id, name, email], list_transform(known_by, lambda one: regexp_replace(one, '^(email|saml|scim|[^:]*:[^:]*):', ''))
  )))) as name, said
  from (select *, ${ADDRESS} as said from person_accounts)
  where said is not null
  union
  select lower(actor_email), lower(actor_email) from audit_events where actor_email is not null
  union
  select lower(target_email), lower(target_email) from audit_events where target_email is not null`;

const column = (name: string, table: string): string =>
  `select distinct ${name} as name, ${name} as said from ${table} where ${name} is not null`;

export const NAMED = {
  person: { none: 'nobody is known as $', names: PEOPLE },
  ip_address: {
    none: 'no event came from $',
    names: column('ip_address', 'audit_events'),
    isCopied: true,
  },
  action: { none: 'no event has the action $', names: column('action', 'audit_events') },
  event: {
    none: 'no event has the uid $',
    names: column('event_uid', 'audit_events'),
    isCopied: true,
  },
  role: { none: 'no role has $ in its name', names: column('role', 'grants'), byPart: true },
  source: { none: 'there is no source $', names: column('source', 'ledger') },
  vendor: { none: 'there is no vendor $', names: column('vendor', 'ledger') },
  stream: {
    none: 'there is no stream $',
    names: column("source || '/' || stream", 'ledger'),
  },
  team: {
    none: 'there is no team $',
    names: 'select unnest([team_id, name]) as name, unnest([team_id, name]) as said from teams',
  },
} as const satisfies Record<string, Named>;

export type NamedKind = keyof typeof NAMED;

export const NAMED_KINDS = Object.keys(NAMED) as [NamedKind, ...NamedKind[]];

const named = (kind: NamedKind): Named => NAMED[kind];

/** What takes the name that was given as `$given`: itself, or what it is another name of. */
export function sayingsOf(kind: NamedKind): string {
  const { names, byPart = false } = named(kind);
  const isMeant = byPart
    ? 'contains(lower(name), lower(trim($given)))'
    : 'lower(name) = lower(trim($given))';
  return `select distinct said from (${names}) where ${isMeant} order by said`;
}

/** The three names that are nearest to `$given`, if they are near at all: at most a third of one may differ; null if none can be meant. */
export function nearestTo(kind: NamedKind): string | null {
  if (named(kind).isCopied === true) return null;
  return `
    select said
    from (
      select said, min(case
        when length(trim($given)) >= 3 and contains(lower(name), lower(trim($given))) then 0
        else levenshtein(lower(name), lower(trim($given))) / greatest(length(name), length($given), 1)
      end) as apart
      from (${named(kind).names})
      group by said
    )
    where apart <= 1 / 3
    order by apart, said
    limit 3`;
}

export function saidOfNone(kind: NamedKind, given: string): string {
  return named(kind).none.replace('$', () => given);
}
