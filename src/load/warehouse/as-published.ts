import { isNotarized, type NoteJudge, type Signed } from '../../platform/notary.ts';
import { isAsLeft, isProvenUnaltered, type Mark } from './mark.ts';

/**
 * Whether note and file are what was published. Without a notary the mark alone says it.
 *
 * @throws what reading a file throws
 */
export async function isAsPublished(
  published: Signed & Mark & { path: string },
  notary: NoteJudge | null,
): Promise<boolean> {
  if (notary === null) return await isAsLeft(published.path, published);
  const isGood = isNotarized('warehouse', published, notary);
  return isGood && (await isProvenUnaltered(published.path, published));
}
