import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EXIT, usageError } from '../../errors.ts';
import { nearestOr } from '../../platform/nearest.ts';
import { findDetections } from '../../questions/files.ts';
import type { Detection } from '../../questions/head.ts';
import type { Context } from '../context.ts';

/** A detection with the SHA-256 of its file. */
export type Rule = Detection & { file: string; rule: string };

/** A file that is none: what is wrong with it stands for what it would have found. */
type Broken = {
  name: string;
  error: { code: string; message: string; hint: string; exit: number };
};

/**
 * Those that come with auditlake and the user's.
 *
 * @param names those that are wanted; none for all
 * @throws AuditlakeError `usage` for one that does not exist
 */
export function detectionsFor(
  { config }: Pick<Context, 'config'>,
  names: readonly string[],
): { rules: Rule[]; broken: Broken[] } {
  const { found, faulty } = findDetections(config.detections);
  const all = [...found, ...faulty].map(({ name }) => name);
  const stray = names.find((name) => !all.includes(name));
  if (stray !== undefined) {
    throw usageError(
      `there is no detection ${stray}`,
      nearestOr(stray, all, '`auditlake detect --list` names them'),
    );
  }
  const isWanted = ({ name }: { name: string }): boolean =>
    names.length === 0 || names.includes(name);
  return {
    rules: found.filter(isWanted).map((each) => ({
      ...each,
      rule: hash('sha256', readFileSync(each.file)),
    })),
    broken: faulty.filter(isWanted).map(({ name, file, faults }) => ({
      name,
      error: {
        code: 'detection',
        message: `${file}: ${faults.join('; ')}`,
        hint: 'correct the head of the file: docs/detections.md says what it has to have',
        exit: EXIT.usage,
      },
    })),
  };
}
