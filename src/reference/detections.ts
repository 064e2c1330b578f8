import { findDetections } from '../questions/files.ts';
import { code, table } from './markdown.ts';

/** The detections that come with auditlake. */
export function detectionTable(): string {
  return table(
    ['detection', 'severity', 'finds', 'techniques', 'what to do'],
    findDetections(null).found.map(({ name, severity, answers, attack, atlas, respond }) => [
      code(name),
      severity,
      `${answers}.`,
      [...attack, ...atlas].join(', '),
      `${respond}.`,
    ]),
  );
}
