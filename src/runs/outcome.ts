import { EXIT, type ExitCode } from '../errors.ts';
import type { Outcome } from '../model.ts';

/** What was not derived or delivered makes no run better than it was. */
export function overall(outcome: Outcome, exit: ExitCode): Outcome {
  if (exit === EXIT.complete || outcome === 'failed') return outcome;
  return exit === EXIT.incomplete ? 'incomplete' : 'failed';
}
