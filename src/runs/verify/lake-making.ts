import { isOurMaking, type Manifest } from '../../load/lake/manifest.ts';
import { SCHEMA_VERSION } from '../../load/warehouse/schema.ts';
import type { Archive } from '../../state/archive.ts';
import type { Context } from '../context.ts';
import { transformFor } from '../transform.ts';

/** `hasOurRows`: by the same mapping and the same tables, so that the rows can be compared all the same. */
export type OtherMaking = { what: string; hasOurRows: boolean };

/**
 * Why the files need not be what this program would make of the archive; null if there is nothing of the kind. Whoever alters what the
 * manifest says of it must not get "complete" for a lake that was not compared.
 */
export function otherMaking(
  context: Context,
  manifest: Manifest,
  { state }: Archive['ledger'],
): OtherMaking | null {
  const { config } = context;
  const mend =
    config.lake === null
      ? 'it is written no more: remove the folder, or write it again'
      : 'the next sync writes the lake anew';
  const { version } = transformFor(context);
  const isOfThisVersion =
    manifest.transform_version === version && manifest.schema_version === SCHEMA_VERSION;
  if (!isOfThisVersion) {
    const what = `the rows were not compared, since another version made them; ${mend}`;
    return { what, hasOurRows: false };
  }
  if (state.pruned.at > manifest.seq) {
    // They cannot be made again.
    const what = `the rows were not compared, since some were pruned after it was written; ${mend}`;
    return { what, hasOurRows: false };
  }
  if (isOurMaking(manifest)) return null;
  const what = `another version wrote the files: their rows were compared, not their bytes; ${mend}`;
  return { what, hasOurRows: true };
}
