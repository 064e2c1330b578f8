/** From the rows of a detection to the findings that have changed. The only place that says what a finding is. */
import type { Millis } from '../../model.ts';
import { literal } from '../../load/database.ts';
import { iso } from '../../platform/time.ts';
import type { Detection } from '../../questions/head.ts';
import { RECORD } from './record-sql.ts';

/** What every detection selects. Its other columns are the details of the finding. */
export const COMMON = ['at', 'source', 'subject', 'evidence'] as const;

/** Of the events that show a finding, so many are named. */
const EVIDENCE_AT_MOST = 1000;

/** Why a finding of what no longer holds is closed. */
const ENDED = 'no longer so';

/** Of a detection that looks at what is, not at what is new: it is asked about everything, each time. */
export function isOfState({ parameters }: Pick<Detection, 'parameters'>): boolean {
  return !Object.hasOwn(parameters, 'after');
}

/**
 * SQL over a warehouse: `finding_id`, `change` (`new`, `changed` or `closed`), `time` in milliseconds and the record to archive. The
 * parameters of the detection are still to be bound.
 *
 * A finding that somebody closed is opened again by new evidence. Of a state that has ended it is closed by itself, and
 * opened again by its return.
 */
export function judgeSql(
  detection: Detection,
  { rule, now, since }: { rule: string; now: Millis; since: Millis },
): string {
  const { name, key, columns, sql } = detection;
  const isState = isOfState(detection);
  const details = Object.keys(columns).filter((column) => !COMMON.some((one) => one === column));
  return `
with rows as materialized (
${sql}
),
seen as (
  select
    substr(sha256(json_array(${[literal(name), ...key.map((one) => `"${one}"::varchar`)].join(', ')})::varchar), 1, 32) as finding_id,
    coalesce("at", ${instantSql(now)}) as "at", source, subject,
    list_filter(coalesce(evidence, []), lambda uid: uid is not null) as evidence,
    json_object(${details.flatMap((column) => [literal(column), `"${column}"`]).join(', ')}) as details
  from rows
),
sighted as (
  select
    finding_id,
    coalesce(any_value(source), 'auditlake') as source,
    arg_max(subject, "at") as subject,
    min("at") as first_seen_at, max("at") as last_seen_at,
    flatten(list(evidence)) as evidence,
    arg_max(details, "at") as details
  from seen
  ${isState ? '' : `where "at" >= ${instantSql(since)}`}
  group by finding_id
),
merged as (
  select
    finding_id, s.source, s.subject, s.details,
    least(s.first_seen_at, f.first_seen_at) as first_seen_at,
    greatest(s.last_seen_at, f.last_seen_at) as last_seen_at,
    coalesce(f.found_at, ${instantSql(now)}) as found_at,
    list_sort(list_distinct(list_concat(coalesce(f.evidence, []), s.evidence)))[:${EVIDENCE_AT_MOST}] as evidence,
    f as former
  from sighted s left join internal.findings f using (finding_id)
),
changed as (
  select
    * exclude (former), ${literal(name)} as detection, ${literal(detection.title)} as title,
    ${literal(detection.severity)} as severity, ${listSql([...detection.attack, ...detection.atlas])} as techniques,
    ${literal(detection.respond)} as respond, 'open' as state, null as reason, ${literal(rule)} as rule,
    coalesce(former.revision, 0) + 1 as revision,
    if(former.finding_id is null, 'new', 'changed') as change
  from merged
  where former.finding_id is null
    or (evidence, first_seen_at) is distinct from (former.evidence, former.first_seen_at)
    or former.reason is not distinct from ${literal(ENDED)}
  ${isState ? `union all by name ${endedSql(name)}` : ''}
)
select finding_id, change, epoch_ms(last_seen_at)::double as time, ${RECORD} as record
from changed
order by first_seen_at, finding_id`;
}

/** Findings of a state that no row shows any more, also one that a person closed meanwhile: it may return. */
function endedSql(name: string): string {
  return `
  select
    * exclude (seq, n) replace ('closed' as state, ${literal(ENDED)} as reason, revision + 1 as revision),
    'closed' as change
  from internal.findings
  where detection = ${literal(name)} and reason is distinct from ${literal(ENDED)}
    and finding_id not in (select finding_id from sighted)`;
}

function instantSql(at: Millis): string {
  return `timestamptz ${literal(iso(at))}`;
}

function listSql(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]::varchar[]`;
}
