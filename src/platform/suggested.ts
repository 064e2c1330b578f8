/** Commands that a text suggests, so that they can be typed as they stand. Pure. */

/** What the user has named on the command line. */
export type Named = { home?: string | undefined; config?: string | undefined };

/** A command in backticks, as all texts for people have it. */
const COMMAND = /`((?:npx )?auditlake (\w+)[^`\n]*)`/g;

/** They have no home, or one of their own. */
const WITHOUT = new Set(['demo', 'sandbox', 'completion']);

/** The text with the folder and the file that the user has named in each command: without them it would be about another home. */
export function asCalled(text: string, { home, config }: Named): string {
  if (home === undefined && config === undefined) return text;
  return text.replaceAll(COMMAND, (whole, command: string, verb: string) => {
    if (WITHOUT.has(verb)) return whole;
    const more = Object.entries({ config, home }).flatMap(([name, value]) =>
      value === undefined || command.includes(`--${name} `)
        ? []
        : [`--${name} ${shellWord(value)}`],
    );
    return `\`${[command, ...more].join(' ')}\``;
  });
}

/** As one word of a shell. */
export function shellWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
