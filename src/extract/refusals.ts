import type { VendorError } from '../errors.ts';
import type { PartEnd } from '../model.ts';
import { MAX_REFUSED_MEMBERS } from './limits.ts';

export type Refusal = { member: string; end: PartEnd; error: VendorError };

/** The members of a fan-out that were refused before one was answered. Until then it may be the endpoint that refuses. */
export class Refusals {
  readonly #resumed: boolean;
  readonly #all: Refusal[] = [];
  /** Members, not questions: a hundred questions about one deleted member say nothing about the endpoint. */
  readonly #gone = new Set<string>();
  readonly #unavailable = new Set<string>();

  /** @param resumed whether an earlier run was answered: then "not found" is about the member, not the endpoint */
  constructor(resumed: boolean) {
    this.#resumed = resumed;
  }

  /** @throws VendorError once so many are refused that it cannot be about each of them */
  add(refusal: Refusal): void {
    this.#all.push(refusal);
    const members = refusal.end.ended === 'gone' ? this.#gone : this.#unavailable;
    members.add(refusal.member);
    const counted = this.#unavailable.size + (this.#resumed ? 0 : this.#gone.size);
    if (counted >= MAX_REFUSED_MEMBERS) throw this.#reason();
  }

  /** Somebody was answered, so that each refusal is about its own member. */
  take(): Refusal[] {
    return this.#all.splice(0);
  }

  /** @throws VendorError if all were refused and there was no answer in an earlier run either */
  takeAtEnd(): Refusal[] {
    if (this.#all.length > 0 && !this.#resumed) throw this.#reason();
    return this.take();
  }

  /** A refusal tells more about the endpoint than a member that is not found. */
  #reason(): VendorError {
    const telling = this.#all.find(({ end }) => end.ended === 'unavailable') ?? this.#all[0];
    if (telling === undefined) throw new Error('nobody was refused');
    return telling.error;
  }
}
