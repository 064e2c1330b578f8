type Env = Record<string, string | undefined>;

/** Where the configuration file is: `label` is how messages name it, relative paths in it start from `folder`. */
export type FilePlace = { label: string; folder: string };

/** A text, the place it was read from, and the folder its relative paths start from. */
export type Found = { text: string; origin: string; where: string; folder: string };

/** Looks settings up in the environment and the file, and notes where each was found. */
export class Lookup {
  /** What must not appear in any output. */
  readonly secrets: string[] = [];
  /** Setting to where it came from: `default`, a variable, a file or an option. */
  readonly origins: Record<string, string> = {};
  /** Setting to what it is, as text. Secrets are not among them. */
  readonly values: Record<string, string> = {};
  /** How messages name the file. */
  readonly label: string;
  /** Where relative paths of the file start from. */
  readonly folder: string;
  readonly #env: Env;
  readonly #cwd: string;

  constructor(env: Env, cwd: string, { label, folder }: FilePlace) {
    this.label = label;
    this.folder = folder;
    this.#env = env;
    this.#cwd = cwd;
  }

  /** The variable, or else what the file has, or else nothing. Notes the origin of what it finds. */
  look(
    setting: string,
    variable: string | null,
    inFile: string | number | undefined,
  ): Found | undefined {
    const found = this.variable(variable) ?? this.#inFile(setting, inFile);
    if (found !== undefined) this.note(setting, found.origin, found.text);
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
    this.note(setting, 'default', fallback);
    return { text: fallback, origin: 'default', where: setting, folder: this.#cwd };
  }

  /** A variable that is set; an empty one counts as unset. */
  variable(name: string | null): Found | undefined {
    const text = name === null ? undefined : nonEmpty(this.#env[name]);
    return name === null || text === undefined
      ? undefined
      : { text, origin: name, where: name, folder: this.#cwd };
  }

  /** @param value left out for a secret */
  note(setting: string, origin: string, value?: unknown): void {
    this.origins[setting] = origin;
    if (value === undefined) delete this.values[setting];
    else this.values[setting] = typeof value === 'string' ? value : JSON.stringify(value);
  }

  #inFile(setting: string, value: string | number | undefined): Found | undefined {
    if (value === undefined) return undefined;
    const { label, folder } = this;
    return { text: String(value), origin: label, where: `${setting} in ${label}`, folder };
  }
}

export function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
