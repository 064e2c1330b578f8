import type { DetectDocument } from '../../documents/detect.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { type Millis, SEVERITIES, type Severity } from '../../model.ts';
import { during } from '../../platform/progress.ts';
import { expectArchive } from '../../state/expect-home.ts';
import { heldVersion } from '../../load/warehouse/hold-countries.ts';
import type { Context } from '../context.ts';
import { selectSinks } from '../deliver/select-sinks.ts';
import { writesToStdout } from '../deliver/open-sinks.ts';
import { diagnose } from '../diagnose.ts';
import { outcomeOf, type Piece, worstExit } from '../outcome.ts';
import { type PipelineJob, runPipeline } from '../pipeline.ts';
import type { Done } from '../run-streams.ts';
import { detectionsFor } from './detections.ts';
import { type FindingsReport, findingsRun } from './findings-run.ts';
import { judgeAll } from './judge-all.ts';
import { type Open, openFindings } from './open-findings.ts';
import { troublesIn } from './troubles.ts';

type DetectRequest = {
  /** Names of detections; none for all. */
  names: readonly string[];
  /** Judges again what happened from then on; null for what is new. */
  from: Millis | null;
  /** Ends with 4 if a finding of this severity or a worse one is open; null for never. */
  failOn: Severity | null;
};

/** Asks every detection about what is new, and archives what it finds. No vendor is asked. */
export async function detect(
  context: Context,
  request: DetectRequest,
): Promise<Done<DetectDocument>> {
  const { names, from, failOn } = request;
  const { rules, broken } = detectionsFor(context, names);
  const job = (home: Parameters<PipelineJob<unknown>['work']>[0]): Promise<Piece<FindingsReport>> =>
    during(context.output, 'judging', () =>
      findingsRun(context, home, 'detect', async ({ connection, seq, findings }) => {
        const { now, signal } = context;
        let known: Promise<string> | undefined;
        const troubles = (): Promise<string> => (known ??= troublesIn(context, home.archive));
        const hasCountries = async () => (await heldVersion(connection)) !== '';
        const asked = { connection, seq, now: now(), from, troubles, hasCountries, signal };
        const { reports, judged, exit } = await judgeAll(rules, findings, asked);
        const unread = broken.map(({ name, error }) => ({ ...UNREAD, detection: name, error }));
        const exits = broken.length === 0 ? [exit] : [exit, EXIT.usage];
        return { report: { detections: [...reports, ...unread], judged }, exit: worstExit(exits) };
      }),
    );
  return await findingsDone(context, job, failOn);
}

const UNREAD = {
  outcome: 'failed',
  rule_changed: false,
  new: 0,
  changed: 0,
  closed: 0,
} as const;

/** Runs a job on the findings, and says what is open after it. */
export async function findingsDone(
  context: Context,
  work: PipelineJob<FindingsReport>['work'],
  failOn: Severity | null,
): Promise<Done<DetectDocument>> {
  expectArchive(context.layout);
  const sinks = selectSinks(context, []);
  const run = await runPipeline(context, { work, looksAtWarehouse: true, appends: true, sinks });
  const stands = await openFindings(context);
  const pieces = {
    sinks: run.sinks.map(({ report }) => report),
    warehouse: run.warehouse.report,
    lake: run.lake?.report ?? null,
  };
  const { report } = run.job;
  const failed = report.detections.flatMap(({ detection, outcome, error }) =>
    error === undefined ? [] : [{ source: 'detections', stream: detection, outcome, error }],
  );
  const exit = worstExit([run.exit, exitFor(stands, failOn)]);
  const document: DetectDocument = {
    version: 1,
    outcome: outcomeOf(run.exit),
    ...report,
    ...stands,
    ...pieces,
    diagnosis: diagnose({ streams: failed, ...pieces }),
  };
  return { document, exit, rowsOnStdout: sinks.some(writesToStdout) };
}

function exitFor({ open }: Open, failOn: Severity | null): ExitCode {
  if (failOn === null) return EXIT.complete;
  const worse = SEVERITIES.slice(SEVERITIES.indexOf(failOn));
  return worse.some((each) => open[each] > 0) ? EXIT.person : EXIT.complete;
}
