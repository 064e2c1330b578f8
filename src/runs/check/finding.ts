import type { Finding } from '../../documents/check.ts';
import { EXIT, type ExitCode } from '../../errors.ts';

/** A finding of `check` that is as it should be. */
export function fine(subject: string, detail: string): Finding {
  return { subject, ok: true, detail, hint: '', exit: EXIT.complete };
}

/** A finding that is not; `exit` may be 0 where nothing has to be done about it now. */
export function problem(subject: string, detail: string, hint: string, exit: ExitCode): Finding {
  return { subject, ok: false, detail, hint, exit };
}
