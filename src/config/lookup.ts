import type { FileConfig } from './schema.ts';

type Env = Record<string, string | undefined>;

/** The configuration file; `label` is how messages name it, relative paths in it start from `folder`. */
export type OpenFile = { content: FileConfig; label: string; folder: string };

/** A text, the place it was read from, and the folder its relative paths start from. */
export type Found = { text: string; origin: string; where: string; folder: string };

/** Looks settings up and notes where each was found. */
export class Settings {
  /** What must appear in no output. */
  readonly secrets: string[] = [];
  readonly #env: Env;
  readonly #cwd: string;
  readonly #file: OpenFile;
  readonly #origins: Record<string, string>;

  constructor(env: Env, cwd: string, file: OpenFile, origins: Record<string, string>) {
    this.#env = env;
    this.#cwd = cwd;
    this.#file = file;
    this.#origins = origins;
  }

  /** The variable, or else what the file has, or else nothing. Notes the origin of what it finds. */
  look(
    setting: string,
    variable: string | null,
    inFile: string | number | undefined,
  ): Found | undefined {
    const found = this.variable(variable) ?? this.#inFile(setting, inFile);
    if (found !== undefined) this.#origins[setting] = found.origin;
    return found;
  }

  find(
    setting: string,
    variable: string | null,
    inFile: string | number | undefined,
    fallback: string,
  ): Found {
    const found = this.look(setting, variable, inFile);
    if (found !== undefined) return found;
    this.note(setting, 'default');
    return { text: fallback, origin: 'default', where: setting, folder: this.#cwd };
  }

  variable(name: string | null): Found | undefined {
    const text = name === null ? undefined : nonEmpty(this.#env[name]);
    return name === null || text === undefined
      ? undefined
      : { text, origin: name, where: name, folder: this.#cwd };
  }

  note(setting: string, origin: string): void {
    this.#origins[setting] = origin;
  }

  get label(): string {
    return this.#file.label;
  }

  /** Where relative paths of the file start from. */
  get folder(): string {
    return this.#file.folder;
  }

  #inFile(setting: string, value: string | number | undefined): Found | undefined {
    if (value === undefined) return undefined;
    const { label, folder } = this.#file;
    return { text: String(value), origin: label, where: `${setting} in ${label}`, folder };
  }
}

/** An empty variable counts as unset. */
export function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
