import { createInterface, type Interface } from 'node:readline/promises';
import { AuditlakeError, EXIT } from '../../errors.ts';
import type { Invocation } from '../../runs/context.ts';

/** Questions to a person at a terminal. */
export type Dialogue = {
  say: (text: string) => void;
  /** @returns the answer, or `fallback` where it is empty */
  ask: (question: string, fallback?: string) => Promise<string>;
  /** Asks until words of the list are named, or none at all. */
  choose: (
    question: string,
    from: readonly string[],
    fallback: readonly string[],
  ) => Promise<string[]>;
  agree: (question: string) => Promise<boolean>;
  close: () => void;
};

/** @throws AuditlakeError `stopped` from every question once the person has had enough */
export function openDialogue({ stdin, stdout, signal }: Invocation): Dialogue {
  const lines = createInterface({ input: stdin, output: stdout, terminal: true, signal });
  const typed = lines[Symbol.asyncIterator]();
  lines.on('SIGINT', () => lines.close());
  const dialogue: Dialogue = {
    say: (text) => void stdout.write(`${text}\n`),
    async ask(question, fallback = '') {
      prompt(lines, fallback === '' ? `${question}: ` : `${question} [${fallback}]: `);
      const { done, value } = await typed.next();
      if (done === true) throw leftEarly();
      return value.trim() || fallback;
    },
    async choose(question, from, fallback) {
      for (;;) {
        const answer = await dialogue.ask(`${question} (${from.join(', ')})`, fallback.join(' '));
        const words = [...new Set(answer.split(/[\s,]+/).filter(Boolean))];
        const stray = words.find((word) => !from.includes(word));
        if (stray === undefined) return words;
        dialogue.say(`  ${stray} is none of them`);
      }
    },
    async agree(question) {
      for (;;) {
        const answer = await dialogue.ask(`${question} (y, n)`, 'y');
        if (/^(?:y(?:es)?|no?)$/i.test(answer)) return /^y/i.test(answer);
      }
    },
    close: () => lines.close(),
  };
  return dialogue;
}

function leftEarly(): AuditlakeError {
  return new AuditlakeError(
    'stopped',
    'stopped on request: nothing was written',
    'run `auditlake init` again; what `--set` says is not asked for',
    EXIT.incomplete,
  );
}

function prompt(lines: Interface, text: string): void {
  lines.setPrompt(text);
  lines.prompt();
}
