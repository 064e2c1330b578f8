import type { Context } from '../runs/context.ts';
import { AuditlakeError, EXIT, messageOf } from '../errors.ts';
import { runSinkOf } from '../runs/deliver/open-sinks.ts';
import type { SinkTools } from '../sinks/port.ts';
import { type Finding, fine } from './check-source.ts';

/** Tries address and credentials of each sink. Delivers nothing. */
export async function checkSinks(context: Context): Promise<Finding[]> {
  const { config, output, signal, now } = context;
  const findings: Finding[] = [];
  for (const configured of config.sinks) {
    const subject = `sink ${configured.name}`;
    output.progress(`check: ${subject}`);
    const tools: SinkTools = {
      signal,
      now,
      onProgress: (text) => output.progress(text),
      onWarning: (text) => void findings.push(fine(subject, text)),
    };
    try {
      const sink = runSinkOf(context, configured).open();
      try {
        findings.push(fine(subject, await sink.check(tools)));
      } finally {
        await sink.close();
      }
    } catch (error) {
      const known = error instanceof AuditlakeError;
      findings.push({
        subject,
        ok: false,
        detail: messageOf(error),
        hint: known ? error.hint : 'a defect: please report it',
        exit: known ? error.exit : EXIT.failed,
      });
    }
  }
  return findings;
}
