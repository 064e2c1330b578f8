import type { SinkConfig } from '../../config/sinks.ts';
import type { Finding } from '../../documents/check.ts';
import type { Report } from '../../platform/progress.ts';
import type { Context } from '../context.ts';
import { runSinkOf } from '../deliver/open-sinks.ts';
import { fine, problem } from './finding.ts';
import { endOf } from '../outcome.ts';

/** Tries address and credentials of each sink. Delivers nothing. */
export async function checkSinks(context: Context, report: Report): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const sink of context.config.sinks)
    findings.push(...(await checkSink(context, sink, report)));
  return findings;
}

async function checkSink(
  context: Context,
  configured: SinkConfig,
  report: Report,
): Promise<Finding[]> {
  const { output, signal, now } = context;
  const subject = `sink ${configured.name}`;
  const findings: Finding[] = [];
  const onProgress = (what: string): void => report({ what });
  const onWarning = (text: string): void => void findings.push(fine(subject, text));
  report({ what: subject });
  try {
    const sink = runSinkOf(context, configured).open();
    try {
      findings.push(fine(subject, await sink.check({ signal, now, onProgress, onWarning })));
    } finally {
      await sink.close();
    }
  } catch (failure) {
    const { error, exit } = endOf(failure);
    if (error?.code === 'defect') output.log.error({ err: failure }, 'a defect: please report it');
    findings.push(problem(subject, error?.message ?? '', error?.hint ?? '', exit));
  }
  return findings;
}
