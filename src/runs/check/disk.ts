/** Whether the disk suffices, and for how long. Pure. */
import type { Finding } from '../../documents/check.ts';
import { EXIT } from '../../errors.ts';
import { sizeText } from '../../platform/bytes.ts';
import type { PartBytes } from '../../platform/home-bytes.ts';
import { fine, problem } from './finding.ts';

export type Disk = {
  home: string;
  /** What this user may still write. */
  free: number;
  parts: PartBytes;
  /** What a day adds to the archive; null where the archive is too young to tell. */
  archivedPerDay: number | null;
};

/** Less than this is short for anybody. The alert for a full disk has the same figure. */
const LEAST = 2 ** 30;
/** With less not even a night without news can be noted and its files be put in order. */
const A_NIGHT = 16 * 2 ** 20;
const FEW_NIGHTS = 30;
const MANY_NIGHTS = 10 * 365;

/**
 * Warehouse and lake grow with the archive. A rebuild, which a new version may ask for, makes another warehouse next to the one
 * that readers have.
 */
export function diskFinding({ home, free, parts, archivedPerDay }: Disk): Finding {
  const { archive, warehouse, lake } = parts;
  const takes = archive + warehouse + lake + parts.other;
  const perNight = archivedPerDay === null ? null : growthOf(parts, archivedPerDay);
  const needed = warehouse + (perNight ?? 0);
  const leastForANight = Math.max(A_NIGHT, perNight ?? 0);
  const nights = perNight === null || perNight < 1 ? null : (free - needed) / perNight;
  const detail = [
    `${home} is writable, ${sizeText(free)} free`,
    takes === 0
      ? 'nothing is in it yet'
      : `it takes ${sizeText(takes)} (archive ${sizeText(archive)}, warehouse ${sizeText(warehouse)}, lake ${sizeText(lake)})`,
    ...(takes === 0 ? [] : [growth(perNight)]),
  ].join('; ');
  const hint = 'make room on its volume, or set AUDITLAKE_HOME and move the folder';
  if (free < leastForANight) {
    const short = `too little for the next run, which takes about ${sizeText(leastForANight)}`;
    return problem('home', `${detail}: ${short}`, hint, EXIT.person);
  }
  if (free < needed) {
    const short = `short, a rebuild takes up to ${sizeText(needed)}`;
    return problem('home', `${detail}: ${short}`, hint, EXIT.complete);
  }
  if (nights !== null && nights < FEW_NIGHTS) {
    return problem('home', `${detail}: short, enough for ${lasting(nights)}`, hint, EXIT.complete);
  }
  if (free < LEAST) {
    return problem('home', `${detail}: short, less than ${sizeText(LEAST)}`, hint, EXIT.complete);
  }
  return fine('home', nights === null ? detail : `${detail}: enough for ${lasting(nights)}`);
}

function growthOf({ archive, warehouse, lake }: PartBytes, archivedPerDay: number): number {
  return archive === 0 ? 0 : (archivedPerDay / archive) * (archive + warehouse + lake);
}

function growth(perNight: number | null): string {
  if (perNight === null) return 'how much a night adds is known after two nights';
  return perNight < 1
    ? 'the last nights added nothing'
    : `a night adds about ${sizeText(perNight)}`;
}

function lasting(nights: number): string {
  if (nights > MANY_NIGHTS) return 'more than ten years';
  if (nights > 2 * 365) return `about ${Math.floor(nights / 365)} years`;
  return nights < 2 ? 'about one night' : `about ${Math.floor(nights)} nights`;
}
