import type { DuckDBConnection } from '@duckdb/node-api';
import type { DetectedBy } from '../../documents/detect.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { Judged, Millis } from '../../model.ts';
import { needsCountries } from '../../questions/needs.ts';
import { NO_COUNTRY_FILE } from '../countries.ts';
import { endOf, worstExit } from '../outcome.ts';
import type { FindingsArchive } from './archive-findings.ts';
import type { Rule } from './detections.ts';
import { judge, type Change } from './judge.ts';
import { isOfState } from './judge-sql.ts';
import { rangeOf } from './progress.ts';

export type Asked = {
  connection: DuckDBConnection;
  /** The last seq that the warehouse has. */
  seq: number;
  now: Millis;
  /** Events from then on are judged again; null for those that are new. */
  from: Millis | null;
  /** What is wrong with the recording, as JSON. Asked for once, if a detection wants to know. */
  troubles: () => Promise<string>;
  /** Whether the warehouse knows in which country addresses are. */
  hasCountries: () => Promise<boolean>;
  signal: AbortSignal;
};

type JudgedAll = {
  reports: DetectedBy[];
  judged: Record<string, Judged>;
  exit: ExitCode;
};

/** Asks every detection, one after the other, and archives what is new. One that fails stops no other, and goes on from where it was. */
export async function judgeAll(
  rules: readonly Rule[],
  archive: FindingsArchive,
  asked: Asked,
): Promise<JudgedAll> {
  const judged: Record<string, Judged> = { ...archive.judged };
  const reports: DetectedBy[] = [];
  const exits: ExitCode[] = [];
  for (const rule of rules) {
    const former = Object.hasOwn(judged, rule.name) ? judged[rule.name] : undefined;
    const range = rangeOf(former, rule.rule, asked);
    const report = reportOf(rule, range.isChanged);
    if (needsCountries(rule) && !(await asked.hasCountries())) {
      // Its cursor stays: it judges what came meanwhile once there are countries.
      reports.push({ ...report, not_asked: NO_COUNTRY_FILE });
      continue;
    }
    let failure: unknown = null;
    try {
      asked.signal.throwIfAborted();
      if (isOfState(rule) || range.after < asked.seq) {
        const troubles = Object.hasOwn(rule.parameters, 'troubles') ? await asked.troubles() : '';
        const given = { now: asked.now, rule: rule.rule, range, troubles };
        const found = await judge(asked.connection, rule, given);
        await archive.add(
          `detections/${rule.name}.sql`,
          { rule: rule.rule, after: String(range.after), to: String(asked.seq) },
          found,
        );
        for (const { change } of found) report[COUNTED[change]] += 1;
      }
      judged[rule.name] = { rule: rule.rule, seq: asked.seq, since: range.since };
    } catch (error) {
      failure = error;
    }
    const { outcome, exit, error } = endOf(failure);
    exits.push(exit);
    reports.push({ ...report, outcome, ...(error === null ? {} : { error }) });
  }
  return { reports, judged, exit: worstExit([EXIT.complete, ...exits]) };
}

const COUNTED = { new: 'new', changed: 'changed', closed: 'closed' } as const satisfies Record<
  Change,
  string
>;

function reportOf({ name, severity }: Rule, isChanged: boolean): DetectedBy {
  return {
    detection: name,
    severity,
    outcome: 'complete',
    rule_changed: isChanged,
    new: 0,
    changed: 0,
    closed: 0,
  };
}
