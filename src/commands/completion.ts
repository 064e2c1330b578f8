import { EXIT, usageError } from '../errors.ts';
import { completionScript, SHELLS } from './completion/scripts.ts';
import { wordsOf } from './completion/words.ts';
import type { Verb } from './verb.ts';

export const completion: Verb = {
  usage: `completion <shell>`,
  summary: `print what makes the tab key complete verbs and options in ${SHELLS.join(', ')}`,
  examples: () => [
    'eval "$(auditlake completion bash)"',
    'auditlake completion fish > ~/.config/fish/completions/auditlake.fish',
  ],
  async run({ args: [name = ''], program, invocation }) {
    const shell = SHELLS.find((one) => one === name);
    if (shell === undefined) {
      throw usageError(`there is no completion for ${name}`, `name one of ${SHELLS.join(', ')}`);
    }
    invocation.stdout.write(`${completionScript(shell, wordsOf(program))}\n`);
    return EXIT.complete;
  },
};
