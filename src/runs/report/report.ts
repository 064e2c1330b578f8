import { join } from 'node:path';
import type { ReportDocument } from '../../documents/report.ts';
import { usageError } from '../../errors.ts';
import { openWorkbench } from '../../load/query/workbench.ts';
import { iso, isoDay } from '../../platform/time.ts';
import { version } from '../../platform/version.ts';
import { pageOf, type Shown } from '../../report/page.ts';
import { makeScope, type Scope } from '../../report/scope.ts';
import type { Subject } from '../../report/section.ts';
import { SECTIONS } from '../../report/sections.ts';
import { Archive } from '../../state/archive.ts';
import { readVerified } from '../../state/verified.ts';
import type { Context } from '../context.ts';
import { status } from '../status/status.ts';
import { coveredIn } from './covered.ts';
import { expectKnown } from './expect-known.ts';

export type Made = {
  page: string;
  verdict: string;
  /** The events that the page names, in its order. */
  cited: ReadonlySet<string>;
  head: ReportDocument['head'];
};

/**
 * Makes the page from the published generation and from what `status` knows. Runs under way do not disturb it.
 *
 * @throws AuditlakeError `usage` (exit 2) if there is no warehouse, or if nobody and nothing is known by a name that was given
 */
export async function makeReport(context: Context, scope: Scope): Promise<Made> {
  const { layout, config, output, signal, now } = context;
  const { document } = await status(context, { from: isoDay(scope.from), streams: [] });
  if (document.warehouse === null) {
    throw usageError(`there is no warehouse in ${config.home}`, '`auditlake rebuild` makes it');
  }
  const workbench = await openWorkbench(join(config.home, 'warehouse.duckdb'), (text) =>
    output.say(text),
  );
  try {
    const make: Subject['make'] = (sql) => workbench.make(sql);
    const ask: Subject['ask'] = (sql) => workbench.rows(sql);
    await expectKnown(ask, scope);
    await makeScope(workbench, scope);
    const { head } = (await Archive.openForReading(layout)).ledger;
    const verified = await readVerified(layout);
    const cited = new Set<string>();
    const subject: Subject = {
      scope,
      status: await coveredIn(document, scope, ask),
      ledger: {
        head,
        trustedKeys: config.trustedKeys,
        verified: verified === null ? null : { seq: verified.head.seq, at: verified.full_at },
      },
      make,
      ask,
      cite: (uid) => cited.add(uid),
    };
    const sections: Shown[] = [];
    for (const { id, title, read } of SECTIONS) {
      signal.throwIfAborted();
      sections.push({ id, title, body: await read(subject) });
    }
    const page = pageOf({ scope, madeAt: iso(now()), version: version(), sections });
    return { page, verdict: document.diagnosis.verdict, cited, head };
  } finally {
    await workbench.close();
  }
}
