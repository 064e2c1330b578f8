import type { SinkTools } from '../../../src/sinks/port.ts';
import { ask, type Intake } from './send.ts';

/** A request without rows stores nothing. */
export async function check(intake: Intake, tools: SinkTools): Promise<string> {
  await ask(intake, { method: 'POST', path: '/rows', body: '{"rows":[]}' }, tools);
  return `the intake at ${intake.url} accepts the key`;
}
