import { fraction, hash, pick } from '../../../sandbox/random.ts';
import type { Account, ApiKey } from './account.ts';

const DAY = 86_400_000;

export const MODELS = ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'];

/** Cents per token. */
const PRICES = [0.0015, 0.0003, 0.0001];

/** What one key used of one model on one day. */
export type Used = {
  key: ApiKey | null;
  workspace: string | null;
  account: string | null;
  model: string;
  price: number;
  input: number;
  cached: number;
  written: number;
  output: number;
  searches: number;
};

/** What one person did in one terminal on one day. */
export type Worked = {
  email: string;
  terminal: string;
  isRemote: boolean;
  model: string;
  draw: number;
};

/** Usage of an imagined past. All of a day follows from the seed and the day alone, but for what was restated. */
export class UsageBook {
  readonly #account: Account;
  readonly #seed: number;
  readonly #start: number;
  /** By day, what its figures are multiplied by. */
  readonly #factors = new Map<number, number>();

  constructor(account: Account, seed: number, start: number) {
    this.#account = account;
    this.#seed = seed;
    this.#start = Math.floor(start / DAY) * DAY;
  }

  /** The vendor counts a day anew. */
  restate(day: string, factor: number): void {
    this.#factors.set(Date.parse(day), factor);
  }

  /** Nothing before the history, nor of a day that has not come. */
  usedOn(day: number, now: number): Used[] {
    if (day < this.#start || day > now) return [];
    const factor = this.#factorOf(day);
    const { apiKeys } = this.#account;
    const keys = [null, ...apiKeys.filter(({ status }) => status === 'active')];
    return keys.flatMap((key, n) => {
      const draw = hash(this.#seed + n, day / DAY);
      if (draw % 5 === 0) return [];
      const place = draw % MODELS.length;
      const tokens = (share: number): number => Math.floor(fraction(draw, n) * share * factor);
      return [
        {
          key,
          workspace: key?.workspace_id ?? null,
          account: key?.owner ?? pick(this.#account.users, draw).id,
          model: pick(MODELS, place),
          price: pick(PRICES, place),
          input: tokens(90_000) + 1,
          cached: tokens(400_000),
          written: tokens(20_000),
          output: tokens(30_000),
          searches: tokens(7),
        },
      ];
    });
  }

  workedOn(day: number, now: number): Worked[] {
    if (day < this.#start || day > now) return [];
    return this.#account.users.flatMap(({ email }, n) => {
      const draw = hash(this.#seed + 1_000 + n, day / DAY);
      // One in eight has nothing to do with it.
      if (n % 8 === 7 || draw % 4 === 0) return [];
      const model = pick(MODELS, draw);
      const row = {
        email,
        terminal: 'vscode',
        isRemote: false,
        model,
        draw: this.#scaled(draw, day),
      };
      return draw % 6 === 1 ? [row, { ...row, terminal: 'iTerm.app', draw: row.draw + 5 }] : [row];
    });
  }

  #scaled(draw: number, day: number): number {
    return Math.floor((draw % 1_000) * this.#factorOf(day));
  }

  #factorOf(day: number): number {
    return this.#factors.get(day) ?? 1;
  }
}
