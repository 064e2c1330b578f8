import type { DetectDocument, DetectionsDocument } from '../documents/detect.ts';
import { SEVERITIES } from '../model.ts';
import { minuteText } from '../platform/time.ts';
import { printable } from '../platform/printable.ts';
import { diagnosisLines } from './diagnosis-lines.ts';
import { derivedLines, sinkLines } from './run-screen.ts';
import { table } from './table.ts';
import { counted } from '../platform/counted.ts';

/** As many as a person reads. */
const SHOWN = 20;

const ID_LENGTH = 8;

export function detectScreen(document: DetectDocument): string {
  const { warehouse, lake, sinks, diagnosis, findings } = document;
  const isFine = warehouse.error === undefined && lake?.error === undefined;
  return [
    ...diagnosisLines(diagnosis),
    summary(document),
    ...changedRules(document),
    ...(findings.length === 0 ? [] : ['', findingsTable(findings)]),
    ...(findings.length > SHOWN
      ? [`… and ${findings.length - SHOWN} more: \`auditlake query "from findings"\``]
      : []),
    ...(isFine ? [] : derivedLines({ warehouse, lake })),
    ...sinkLines(sinks),
  ].join('\n');
}

function summary({ detections, open }: DetectDocument): string {
  const sum = (key: 'new' | 'changed' | 'closed'): number =>
    detections.reduce((total, each) => total + each[key], 0);
  const bySeverity = SEVERITIES.toReversed()
    .filter((severity) => open[severity] > 0)
    .map((severity) => `${open[severity]} ${severity}`)
    .join(', ');
  const asked = detections.length === 0 ? '' : `${counted(detections.length, 'detection')}: `;
  return `${asked}${sum('new')} new, ${sum('changed')} changed, ${sum('closed')} ended; open: ${bySeverity || 'none'}`;
}

function changedRules({ detections }: DetectDocument): string[] {
  const changed = detections.filter(({ rule_changed }) => rule_changed);
  if (changed.length === 0) return [];
  const names = changed.map(({ detection }) => detection).join(', ');
  return [`changed since the last run, and judged all again: ${names}`];
}

function findingsTable(findings: DetectDocument['findings']): string {
  return table(
    ['severity', 'last seen', 'finding', 'about', 'source', 'id'],
    findings
      .slice(0, SHOWN)
      .map(({ severity, last_seen_at, title, subject, source, finding_id }) => [
        severity,
        minuteText(last_seen_at),
        title,
        subject ?? '',
        source,
        finding_id.slice(0, ID_LENGTH),
      ]),
  );
}

export function detectionsScreen({ detections, faults }: DetectionsDocument): string {
  return [
    table(
      ['detection', 'severity', 'finds', 'techniques'],
      detections.map(({ detection, severity, title, techniques }) => [
        detection,
        severity,
        title,
        techniques.join(' '),
      ]),
    ),
    ...faults.map(({ message, hint }) => `FAULT  ${printable(message)}: ${hint}`),
  ].join('\n');
}
