/** SQL that makes a finding the record that is archived: over a relation with the columns of the table `findings`. */
export const RECORD = `json_object(
    'finding_id', finding_id, 'detection', detection, 'title', title, 'severity', severity, 'source', source,
    'subject', subject, 'first_seen_at', ${isoSql('first_seen_at')}, 'last_seen_at', ${isoSql('last_seen_at')},
    'found_at', ${isoSql('found_at')}, 'evidence', evidence, 'details', details, 'techniques', techniques,
    'respond', respond, 'state', state, 'reason', reason, 'rule', rule, 'revision', revision
  )::varchar`;

function isoSql(column: string): string {
  return `strftime(${column} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`;
}
