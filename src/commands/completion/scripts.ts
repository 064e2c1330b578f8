/** What shells are given, so that the tab key completes verbs and options. Pure. */
import type { OptionWord, VerbWord } from './words.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

type ShellName = (typeof SHELLS)[number];

/** The script that a shell runs when it starts. Where nothing of ours fits, files are completed. */
export function completionScript(shell: ShellName, verbs: readonly VerbWord[]): string {
  return { bash, zsh, fish }[shell](verbs);
}

function bash(verbs: readonly VerbWord[]): string {
  const names = verbs.map(({ name }) => name);
  return `# eval "$(auditlake completion bash)" in ~/.bashrc
_auditlake() {
  local word=\${COMP_WORDS[COMP_CWORD]} verb= words= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${names.join('|')}) verb=\${COMP_WORDS[i]}; break ;;
    esac
  done
  case $verb in
    '') words='${names.join(' ')} --help --version' ;;
${verbs.map(({ name, options }) => `    ${name}) words='${flags(options)}' ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _auditlake auditlake`;
}

function flags(options: readonly OptionWord[]): string {
  return options.map(({ flag }) => flag).join(' ');
}

function zsh(verbs: readonly VerbWord[]): string {
  const described = verbs.map(({ name, says }) => `    ${quoted(`${name}:${says}`)}`);
  const cases = verbs.map(({ name, options }) => {
    const specs = options.map(({ flag, says, takesValue }) =>
      quoted(
        `${flag}[${says.replaceAll(/[[\]:\\]/g, (sign) => `\\${sign}`)}]${takesValue ? ':value:_files' : ''}`,
      ),
    );
    return `        ${name}) _arguments ${specs.join(' ')} '*:file:_files' ;;`;
  });
  return `#compdef auditlake
# eval "$(auditlake completion zsh)" in ~/.zshrc, behind compinit
_auditlake() {
  local context state line
  local -a verbs=(
${described.join('\n')}
  )
  _arguments -C '1:verb:->verb' '*::argument:->arguments'
  case $state in
    verb) _describe verb verbs ;;
    arguments)
      case $words[1] in
${cases.join('\n')}
      esac ;;
  esac
}
compdef _auditlake auditlake`;
}

function fish(verbs: readonly VerbWord[]): string {
  const lines = verbs.flatMap(({ name, says, options }) => [
    `complete -c auditlake -f -n __fish_use_subcommand -a ${name} -d ${quoted(says)}`,
    ...options.map(
      ({ flag, says: about, takesValue }) =>
        `complete -c auditlake -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)} -d ${quoted(about)}${takesValue ? ' -r' : ''}`,
    ),
  ]);
  return ['# auditlake completion fish | source', ...lines].join('\n');
}

/** As a word of a shell; all three know it so. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
