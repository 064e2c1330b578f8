import { EXIT } from '../../errors.ts';
import { iso } from '../../platform/time.ts';
import type { SinkTools } from '../port.ts';
import { signedHeaders } from './sign.ts';
import type { Wire } from './wire.ts';

/** Says that a run has delivered everything, to a service that raises the alarm once nobody says so. */
export async function beat(
  { seq }: { seq: number },
  { now, signal }: SinkTools,
  { wire, url, signingKey }: { wire: Wire; url: string; signingKey: string | null },
): Promise<void> {
  const at = now();
  const body = JSON.stringify({ version: 1, alive: true, at: iso(at), seq });
  const headers = signedHeaders({ id: `alive-${seq}-${at}`, at, body }, signingKey);
  const { isTaken, words } = await wire.ask({ method: 'POST', url, body, headers }, signal);
  if (isTaken) return;
  throw wire.failure(url, {
    what: `the heartbeat is refused: ${words}`,
    hint: 'check the address in `heartbeat`; the findings were delivered',
    exit: EXIT.person,
  });
}
