import { writeFile } from 'node:fs/promises';
import type { ReportDocument } from '../../documents/report.ts';
import { EXIT } from '../../errors.ts';
import { during } from '../../platform/progress.ts';
import { iso } from '../../platform/time.ts';
import { writeWhole } from '../../platform/whole-file.ts';
import type { Scope } from '../../report/scope.ts';
import type { Context } from '../context.ts';
import type { Done } from '../run-streams.ts';
import { type Made, makeReport } from './report.ts';

/** Writes the page into a file that appears complete or not at all. @param file absolute */
export async function writeReport(
  context: Context,
  scope: Scope,
  file: string,
): Promise<Done<ReportDocument>> {
  const made = await during(context.output, 'report', () => makeReport(context, scope));
  await writeWhole(file, (part) => writeFile(part, made.page));
  return { document: reportDocumentOf(made, scope, file), exit: EXIT.complete };
}

export function reportDocumentOf(made: Made, scope: Scope, file: string): ReportDocument {
  return {
    version: 1,
    outcome: 'complete',
    file,
    bytes: Buffer.byteLength(made.page),
    period: { from: iso(scope.from), to: iso(scope.to) },
    verdict: made.verdict,
    cited: made.cited.size,
    head: made.head,
  };
}
