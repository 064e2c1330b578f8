import { instant, integer, internal, json, SEQ, text, texts, view } from './table.ts';

const FINDING = {
  finding_id: text(
    'the same for as long as it is about the same: a hash of the detection and of what it is about',
  ),
  detection: text('the rule that found it: the name of its file'),
  title: text('what it says, in one line'),
  severity: text('`low`, `medium`, `high` or `critical`'),
  source: text(
    'the account at a vendor that it is about; `auditlake` where it is about none alone',
  ),
  subject: text('whom or what it is about'),
  first_seen_at: instant('when the first of it happened, or since when it is so'),
  last_seen_at: instant('when the last of it happened'),
  found_at: instant('when a run first found it'),
  evidence: texts('the `event_uid` of each event that shows it, up to 1,000: each can be proven'),
  details: json('the rest of what the detection says'),
  techniques: texts('MITRE ATT&CK and ATLAS ids'),
  respond: text('what to do about it'),
  state: text('`open` or `closed`'),
  reason: text('of a closed one: why. `no longer so` where a later run found that it has ended'),
  rule: text("the SHA-256 of the detection's file as it was then"),
  revision: integer('1, or more if evidence or state changed'),
  ...SEQ,
};

/** The newest state of each. */
export const HELD_FINDINGS = internal('findings', 'One finding, as it was archived last.', {
  columns: {
    ...FINDING,
    n: integer('the line in the batch'),
  },
  key: ['seq', 'n', 'finding_id'],
  time: 'first_seen_at',
});

export const FINDINGS = view(
  'findings',
  'One finding of a [detection](detections.md), as it is now.',
  {
    columns: FINDING,
    key: ['finding_id'],
    time: 'first_seen_at',
    lake: { order: 'first_seen_at, finding_id', widest: 'details' },
    delivery: {
      uid: 'finding_id',
      time: 'last_seen_at',
      clustering: ['severity', 'detection'],
      formats: ['auditlake', 'ocsf'],
      isDefault: false,
      from: 'internal.findings',
      bytes: 'strlen(details::varchar) + 100 * len(evidence)',
    },
  },
);
