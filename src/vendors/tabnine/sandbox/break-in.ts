import {
  BROKEN_INTO,
  INTRUDER_ADDRESS,
  INTRUDER_CLIENT,
  PROMOTED,
  breakInAt,
} from '../../../sandbox/demo.ts';
import type { User } from './directory.ts';
import { eventId } from './ids.ts';
import type { TabnineState } from './state.ts';

/** Of which no generated event is made. */
const SEED = 666;

/**
 * The part of a demonstration's break-in that Tabnine sees: the installation is left as the intruder left it.
 *
 * @param until where the history ends
 */
export function breakIn(state: TabnineState, until: number): void {
  const { users, events, organization } = state;
  const [admin, promoted] = [users[BROKEN_INTO], users[PROMOTED]];
  if (admin === undefined || promoted === undefined) return;
  const start = breakInAt(until);
  const at = (seconds: number): number => start + seconds * 1000;
  const happens = (seconds: number, actor: User, what: object): void => {
    const id = eventId(SEED, seconds, at(seconds));
    events.insert({
      id,
      timestamp: new Date(at(seconds)).toISOString(),
      actor: { id: actor.id, type: 'user', email: actor.email, displayName: actor.username },
      ...what,
      request: {
        ipAddress: INTRUDER_ADDRESS,
        userAgent: INTRUDER_CLIENT,
        clientId: null,
        requestId: `req_${id.slice(-8)}`,
      },
    });
  };
  const signsIn = (seconds: number, user: User): void =>
    happens(seconds, user, {
      eventType: 'user.login',
      resource: account(user),
      metadata: { field: 'session', oldValue: 'none', newValue: 'active' },
    });
  signsIn(7, admin);
  happens(101, admin, {
    eventType: 'role.assigned',
    resource: { id: 'Admin', type: 'role', name: 'Admin' },
    metadata: {
      userId: promoted.id,
      field: 'role',
      oldValue: promoted.role,
      newValue: 'Admin',
    },
  });
  happens(184, admin, {
    eventType: 'organization.settings_updated',
    resource: { id: organization.id, type: 'organization', name: organization.name },
    metadata: { field: 'samlEnabled', oldValue: true, newValue: false },
  });
  signsIn(312, promoted);
  promoted.role = 'Admin';
  promoted.updatedAt = new Date(at(101)).toISOString();
  organization.samlEnabled = false;
}

function account({ id, username }: User): object {
  return { id, type: 'user', name: username };
}
