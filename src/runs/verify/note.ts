import type { VerifyDocument } from '../../documents/verify.ts';
import { iso } from '../../platform/time.ts';
import { type Altered, noteAltered } from '../../state/altered.ts';
import type { Context } from '../context.ts';

type Verdict = Pick<VerifyDocument, 'faults' | 'warehouse' | 'differences' | 'lake' | 'since'>;

/** Notes what was found altered. A look at the newest part alone clears nothing: it does not know about the rest. */
export async function noteVerdict(context: Context, verdict: Verdict): Promise<void> {
  const found = alteredIn(verdict);
  if (found.length === 0 && verdict.since !== null) return;
  const { layout, now, output } = context;
  try {
    await noteAltered(layout, iso(now()), found);
  } catch (error) {
    // The home may be read-only for whoever verifies it.
    output.log.warn({ err: error }, 'what the verification found could not be noted');
  }
}

/** Each part of which something was altered or lost, with the first of it. Pure. */
function alteredIn({ faults, warehouse, differences, lake }: Verdict): Altered['found'] {
  const [first] = faults;
  const [inLake] = lake.faults;
  // Without a whole archive it was not compared.
  const isWrong =
    first === undefined && (warehouse.state === 'different' || warehouse.state === 'unreadable');
  return [
    ...(first === undefined
      ? []
      : [
          { part: 'archive', faults: faults.length, what: `${first.file}: ${first.what}` } as const,
        ]),
    ...(isWrong
      ? [
          {
            part: 'warehouse',
            faults: Math.max(1, differences.length),
            what: warehouse.what,
          } as const,
        ]
      : []),
    ...(inLake === undefined
      ? []
      : [
          {
            part: 'lake',
            faults: lake.faults.length,
            what: `${inLake.file}: ${inLake.what}`,
          } as const,
        ]),
  ];
}
