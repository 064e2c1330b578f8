import type { ReportDocument } from '../../documents/report.ts';
import { usageError } from '../../errors.ts';
import { rowsOf } from '../../load/query/rows.ts';
import type { QuerySession } from '../../load/query/query.ts';
import { iso, isoDay } from '../../platform/time.ts';
import { version } from '../../platform/version.ts';
import { pageOf, type Shown } from '../../report/page.ts';
import { parametersOf, type Scope, scoped } from '../../report/scope.ts';
import type { Row, Subject } from '../../report/section.ts';
import { SECTIONS } from '../../report/sections.ts';
import { Archive } from '../../state/archive.ts';
import { readVerified } from '../../state/verified.ts';
import type { Context } from '../context.ts';
import { openWarehouse } from '../query.ts';
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
  const { layout, config, signal, now } = context;
  const { document } = await status(context, { from: isoDay(scope.from), streams: [] });
  if (document.warehouse === null) {
    throw usageError(`there is no warehouse in ${config.home}`, '`auditlake rebuild` makes it');
  }
  const session = await openWarehouse(context, { asMade: 'whole' });
  try {
    await expectKnown(session, scope, signal);
    const ask = askWith(session, scope, signal);
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
    await session.close();
  }
}

function askWith(session: QuerySession, scope: Scope, signal: AbortSignal): Subject['ask'] {
  return async (sql) => {
    const whole = scoped(sql, scope);
    const answer = await session.run(whole, { parameters: parametersOf(whole, scope) });
    const rows: Row[] = [];
    for await (const row of rowsOf(answer, signal)) rows.push(row);
    return rows;
  };
}
