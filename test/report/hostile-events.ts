import { HOSTILE } from './hostile-values.ts';

const HOUR = 3_600_000;
/** Of one event. */
export const COLUMNS = 5;

/** An administrator is made by each of a hundred people whose names, addresses and clients are hostile. */
export function hostileAdmins(now: number): { time: number; json: string }[] {
  return Array.from({ length: HOSTILE.length / COLUMNS }, (_, i) => {
    const [who, whom, where, agent, id] = HOSTILE.slice(i * COLUMNS, (i + 1) * COLUMNS);
    const time = now - HOUR - i * 1000;
    const event = {
      id: `hostile-${i}-${(id ?? '').slice(0, 50)}`,
      timestamp: new Date(time).toISOString(),
      eventType: 'role.assigned',
      actor: { id: `u-${i}`, type: 'user', displayName: who },
      resource: { id: 'Admin', type: 'role', name: 'Admin' },
      metadata: { userId: whom, newValue: 'Admin' },
      request: { ipAddress: where, userAgent: agent },
    };
    return { time, json: JSON.stringify(event) };
  });
}
