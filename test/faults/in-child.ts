/** Loaded by `node --import` before the command line: breaks the disk of the home as the environment says. */
import { writeFileSync } from 'node:fs';
import { breakDisk, type Trouble } from './disk.ts';
import { from, fullAt, killAt, type Moment, readOnly } from './troubles.ts';

/** What the test asks for. `from` is a pattern of operation and path, otherwise the place counts. */
export type Order =
  | { kind: 'count' | 'read-only' }
  | { kind: 'full'; from: string; lasts: 'once' | 'for-good' }
  | { kind: 'kill'; place: number; moment: Moment };

const { AUDITLAKE_HOME: home = '', BROKEN_DISK, BROKEN_DISK_LOG } = process.env;
const disk = breakDisk(home, troubleOf(JSON.parse(BROKEN_DISK ?? '') as Order));

process.on('exit', () => {
  if (BROKEN_DISK_LOG !== undefined) writeFileSync(BROKEN_DISK_LOG, JSON.stringify(disk.writes));
});

function troubleOf(order: Order): Trouble {
  if (order.kind === 'full') {
    return from(new RegExp(order.from), (place) => fullAt(place, order.lasts));
  }
  if (order.kind === 'kill') return killAt(order.place, order.moment);
  return order.kind === 'read-only' ? readOnly : () => ({ done: 'all', fail: null });
}
