import { kindAt } from '../../../sandbox/everyday.ts';
import { hash, pick } from '../../../sandbox/random.ts';
import { type Directory, ROLES } from './directory.ts';
import { type EventKind, eventKinds } from './event-kinds.ts';
import {
  type Actor,
  type Person,
  type Resource,
  SERVICE_ACTORS,
  organizationResource,
  personOf,
  roleResource,
  teamResource,
} from './event-parties.ts';
import type { EventFacts, EventShape, EventSource } from './event-source.ts';
import { eightDigits, eventId } from './ids.ts';

const ROLE_RESOURCES = ROLES.map(roleResource);
const ORDINARY = new Set(['user.login', 'user.logout', 'team.updated']);
const SERVICE_PERCENT = 4;

/** Who did what to whom in one event. */
type Scene = { kind: EventKind; actor: Actor; affected: Person; resource: Resource; draw: number };

/** The events of an imagined past among the people of a directory. Each follows from the seed and its index alone. */
export class GeneratedEvents implements EventSource {
  readonly #seed: number;
  readonly #people: readonly Person[];
  readonly #teams: readonly Resource[];
  readonly #kindOf: (place: number, draw: number) => EventKind;
  readonly #organization: Resource;

  constructor({ seed, demo }: { seed: number; demo: boolean }, directory: Directory) {
    this.#seed = seed;
    this.#people = directory.users.map((user, place) => personOf(user, seed, place));
    this.#teams = directory.teams.map(teamResource);
    this.#kindOf = kindAt(
      eventKinds(directory.teams.map((team) => team.name)),
      ({ eventType }) => ORDINARY.has(eventType),
      demo ? { seed } : null,
    );
    this.#organization = organizationResource(directory.organization);
  }

  id(index: number, time: number): string {
    return eventId(this.#seed, index, time);
  }

  facts(index: number, time: number): EventFacts {
    const { kind, actor, resource } = this.#scene(index, time);
    return {
      id: this.id(index, time),
      timestamp: new Date(time).toISOString(),
      eventType: kind.eventType,
      actorId: actor.id,
      actorEmail: actor.email,
      resourceType: resource.type,
      resourceId: resource.id,
    };
  }

  text(index: number, time: number, shape: EventShape): string {
    const scene = this.#scene(index, time);
    const timestamp = new Date(time).toISOString();
    return shape === 'current'
      ? this.#currentText(scene, index, time, timestamp)
      : this.#olderText(scene, timestamp);
  }

  // Texts are put together by hand: a page of a thousand events is to cost a few milliseconds.
  #currentText(scene: Scene, index: number, time: number, timestamp: string): string {
    const { kind, actor, affected, resource, draw } = scene;
    const on = resource.type === 'role' ? `"userId":"${affected.resource.id}",` : '';
    return (
      `{"id":"${this.id(index, time)}","timestamp":"${timestamp}","eventType":"${kind.eventType}"` +
      `,"actor":${pick(actor.texts, draw)},"resource":${resource.text}` +
      `,"metadata":{${on}${pick(kind.values, draw)}}` +
      `,"request":{${actor.requestText},"requestId":"req_${eightDigits(~this.#seed, index)}"}}`
    );
  }

  /** The placeholder schema of an older revision: no id, and the users in fields of their own. */
  #olderText({ kind, actor, affected, resource, draw }: Scene, timestamp: string): string {
    const aboutUser = resource.type === 'user' || resource.type === 'role';
    const user = aboutUser ? affected.resource.text : '{}';
    return (
      `{"eventType":"${kind.eventType}","performing_user":${pick(actor.texts, draw)},"affected_user":${user}` +
      `,"occurredAt":"${timestamp}","valueChange":{${pick(kind.values, draw)}}}`
    );
  }

  #scene(index: number, time: number): Scene {
    const draw = hash(this.#seed + 21, index);
    const kind = this.#kindOf(index, hash(this.#seed + 22, index));
    const doer = this.#present(hash(this.#seed + 23, index), time);
    const serves = kind.target !== 'actor' && (draw >>> 8) % 100 < SERVICE_PERCENT;
    const actor = serves ? pick(SERVICE_ACTORS, draw) : doer.actor;
    const affected =
      kind.target === 'actor' ? doer : pick(this.#people, hash(this.#seed + 24, index));
    return { kind, actor, affected, resource: this.#resource(kind, affected, draw), draw };
  }

  #resource(kind: EventKind, affected: Person, draw: number): Resource {
    if (kind.target === 'team') return pick(this.#teams, draw);
    if (kind.target === 'role') return pick(ROLE_RESOURCES, draw);
    if (kind.target === 'organization') return this.#organization;
    return affected.resource;
  }

  /** The next user who was not deactivated by then. */
  #present(start: number, time: number): Person {
    for (let step = 0; step < this.#people.length; step++) {
      const person = pick(this.#people, start + step);
      if (person.goneAt > time) return person;
    }
    return pick(this.#people, start);
  }
}
