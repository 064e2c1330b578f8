/** Loaded by `node --import` before the command line: breaks the disk of the home as the environment says. */
import { writeFileSync } from 'node:fs';
import { breakDisk, type Trouble } from './disk.ts';
import { killAt, type Moment } from './troubles.ts';

/** What the test asks for. */
export type Order = { kind: 'count' } | { kind: 'kill'; place: number; moment: Moment };

const { AUDITLAKE_HOME: home = '', BROKEN_DISK, BROKEN_DISK_LOG } = process.env;
const disk = breakDisk(home, troubleOf(JSON.parse(BROKEN_DISK ?? '') as Order));

process.on('exit', () => {
  if (BROKEN_DISK_LOG !== undefined) writeFileSync(BROKEN_DISK_LOG, JSON.stringify(disk.writes));
});

function troubleOf(order: Order): Trouble {
  if (order.kind === 'kill') return killAt(order.place, order.moment);
  return () => ({ done: 'all', fail: null });
}
