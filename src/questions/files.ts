/** Finds the files of questions and detections: those that come with auditlake, and the user's own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, usageError } from '../errors.ts';
import { type Detection, type Question, type Read, readDetection, readQuestion } from './head.ts';

/** A file that is read and holds no question. */
type Faulty = { name: string; file: string; faults: string[] };

export type Found<Kind> = {
  /** In the order of their names, ours before the user's. */
  found: (Kind & { file: string; isOwn: boolean })[];
  faulty: Faulty[];
};

/** Above `dist` as well as above `src`. */
const folder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/**
 * @param own the user's folder; null for none
 * @throws AuditlakeError `usage` if that cannot be read
 */
export function findQuestions(own: string | null): Found<Question> {
  return find(folder('questions'), { own, setting: 'questions', read: readQuestion });
}

/** The same for detections. */
export function findDetections(own: string | null): Found<Detection> {
  return find(folder('detections'), { own, setting: 'detections', read: readDetection });
}

type Reading<Kind> = {
  own: string | null;
  setting: string;
  read: (name: string, text: string) => Read<Kind>;
};

function find<Kind extends { name: string }>(
  ours: string,
  { own, setting, read }: Reading<Kind>,
): Found<Kind> {
  const shipped = filesIn(ours);
  const taken = new Set(shipped.map(({ name }) => name));
  const owned = own === null ? [] : ownFiles(own, setting);
  const result: Found<Kind> = { found: [], faulty: [] };
  for (const { name, file, isOwn } of [
    ...shipped.map((each) => ({ ...each, isOwn: false })),
    ...owned.map((each) => ({ ...each, isOwn: true })),
  ]) {
    const faults = isOwn && taken.has(name) ? [TAKEN] : nameFaults(name);
    const one = faults.length > 0 ? { faults } : read(name, readFileSync(file, 'utf8'));
    if ('faults' in one) result.faulty.push({ name, file, faults: one.faults });
    else result.found.push({ ...one.found, file, isOwn });
  }
  return result;
}

const TAKEN = 'auditlake has one of this name: rename the file';

function nameFaults(name: string): string[] {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)
    ? []
    : ['its name is not of lower-case words with hyphens between them'];
}

function ownFiles(own: string, setting: string): { name: string; file: string }[] {
  try {
    return filesIn(own);
  } catch (error) {
    throw usageError(
      `the folder of ${setting} cannot be read: ${messageOf(error)}`,
      `correct \`${setting}\` in the configuration, or make the folder`,
    );
  }
}

function filesIn(path: string): { name: string; file: string }[] {
  return readdirSync(path)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file) => ({ name: file.slice(0, -'.sql'.length), file: join(path, file) }));
}
