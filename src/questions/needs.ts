/** What a question needs of a vendor, and whether the vendor has it: by what it declares, never by its name. Pure. */
import type { Transform } from '../model.ts';

/** What a need may be, and how it is said that a vendor lacks it. `$` is what stands behind the colon. */
const KINDS: Readonly<Record<string, { pattern: RegExp; lacks: string }>> = {
  action: { pattern: /^[a-z_]+\/([a-z_]+|\*)$/, lacks: 'its log has no $' },
  finding: { pattern: /^[a-z_]+$/, lacks: 'its log reports no $' },
  column: { pattern: /^[a-z_]+$/, lacks: 'its log names no $' },
  measure: { pattern: /^[a-z_]+$/, lacks: 'it has no figures of $' },
  /** An action of its vocabulary has it in its name. */
  word: { pattern: /^[a-z_]+$/, lacks: 'its log has no $' },
  /** A file of the user's, whatever the vendor. */
  file: { pattern: /^countries$/, lacks: '' },
  target: { pattern: /^(event|entity|figure|session|grant|membership)$/, lacks: 'it lists no $' },
};

/** As people say it; anything else is said as it is written. */
const SAID: Readonly<Record<string, string>> = {
  'action:authentication/login': 'sign-ins',
  'action:access/grant': 'granted roles',
  'action:access/revoke': 'revoked roles',
  'action:credential/create': 'new keys',
  'action:credential/*': 'keys',
  'action:agent_session/*': 'sessions of agents',
  'action:configuration/*': 'changes to the configuration',
  'action:policy/*': 'changes to policies',
  'action:content/*': 'changes to content',
  'action:data_access/*': 'access to data',
  'action:account/delete': 'deleted accounts',
  'finding:guardrail': 'violated guardrails',
  'word:fail': 'failed sign-ins',
  'word:export': 'exports',
  'word:mcp': 'changes to tools of agents',
  'word:rule': 'changes to what agents are told',
  'word:staff': 'access of its own people',
  'column:ip_address': 'address',
  'column:user_agent': 'program',
  'target:event': 'events',
  'target:entity': 'directory',
  'target:figure': 'figures',
  'target:session': 'sessions',
  'target:grant': 'roles',
  'target:membership': 'teams',
};

/** Ways in which a need can be met, each by itself. */
const alternatives = (need: string): string[] => need.split(' or ');

const parts = (one: string): [kind: string, what: string] => {
  const colon = one.indexOf(':');
  return [one.slice(0, colon), one.slice(colon + 1)];
};

/** What is wrong with a need as it is written; null if nothing is. */
export function needFault(need: string): string | null {
  for (const one of alternatives(need)) {
    const [kind, what] = parts(one);
    const known = KINDS[kind];
    if (known === undefined || !known.pattern.test(what)) {
      return `${JSON.stringify(one)} is no need: write action:CATEGORY/ACTIVITY, finding:NAME, word:PART, column:NAME, measure:NAME, target:NAME or file:countries`;
    }
  }
  return null;
}

/** What a vendor declares. */
export type Declared = Pick<Transform, 'mappings' | 'actions' | 'measures'>;

/** What of the needs a vendor lacks, each as the end of a sentence. */
export function lacking(needs: readonly string[], vendor: string, declared: Declared): string[] {
  return needs
    .filter((need) => !alternatives(need).some((one) => isMet(one, vendor, declared)))
    .map((need) => {
      const [first = ''] = alternatives(need);
      const [kind, what] = parts(first);
      return (KINDS[kind]?.lacks ?? '$').replace(
        '$',
        SAID[first] ?? what.replaceAll(/[_/*]+/g, ' ').trim(),
      );
    });
}

function isMet(one: string, vendor: string, { mappings, actions, measures }: Declared): boolean {
  const [kind, what] = parts(one);
  const own = <T extends { vendor: string }>(list: readonly T[]): T[] =>
    list.filter((each) => each.vendor === vendor);
  switch (kind) {
    case 'action': {
      const [category, activity] = what.split('/');
      return own(actions).some(
        (action) =>
          action.category === category && (activity === '*' || action.activity === activity),
      );
    }
    case 'finding':
      return own(actions).some(({ finding }) => finding === what);
    case 'word':
      return own(actions).some(({ action }) => action.toLowerCase().includes(what));
    case 'measure':
      return own(measures).some(({ measure }) => measure === what);
    case 'file':
      return true;
    case 'column':
      return own(mappings).some(({ target, sql }) => target === 'event' && fills(sql, what));
    default:
      return own(mappings).some(({ target }) => target === what);
  }
}

/** What a vendor does not say is left out of its mapping, or null by declaration. */
function fills(sql: string, column: string): boolean {
  return new RegExp(`(?<!\\bnull(::\\w+)?\\s)\\bas ${column}\\b`).test(sql);
}

/** Whether it needs to know in which country addresses are. */
export function needsCountries({ needs }: { needs: readonly string[] }): boolean {
  return needs.includes('file:countries');
}
