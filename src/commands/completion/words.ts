import type { Command } from 'commander';

/** An option as a shell has to know it. */
export type OptionWord = { flag: string; says: string; takesValue: boolean };

/** A verb and what can follow it. */
export type VerbWord = { name: string; says: string; options: OptionWord[] };

/** All words of the command line. */
export function wordsOf(program: Command): VerbWord[] {
  return program.commands.map((command) => ({
    name: command.name(),
    says: command.description(),
    options: command
      .createHelp()
      .visibleOptions(command)
      .flatMap(({ long, description, required, optional }) =>
        long == null ? [] : [{ flag: long, says: description, takesValue: required || optional }],
      ),
  }));
}
