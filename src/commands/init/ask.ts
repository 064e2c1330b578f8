import { errorScreen } from '../explain.ts';
import { type Dialogue, openDialogue } from './dialogue.ts';
import type { Draft } from './draft.ts';
import type { Plan } from './plan.ts';
import { askForSink, askForSource } from './sections.ts';
import { tryDraft } from './try-draft.ts';

const HOME = './auditlake-data';

/** Asks for whatever the command line has not said, and adds it to the draft. */
export async function askForAll(plan: Plan): Promise<void> {
  const { invocation, draft } = plan;
  const dialogue = openDialogue(invocation);
  try {
    if (isEmpty(draft.sources)) await askForSources(dialogue, plan);
    if (isEmpty(draft.sinks)) await askForSinks(dialogue, plan);
    if (draft.home !== undefined) return;
    dialogue.say('');
    const home = await dialogue.ask('Folder of archive, warehouse and lake', HOME);
    if (home !== HOME) draft.home = home;
  } finally {
    dialogue.close();
  }
}

async function askForSources(dialogue: Dialogue, plan: Plan): Promise<void> {
  const { vendors } = plan.registry;
  const { env } = plan.invocation;
  const ready = vendors.filter(({ variables }) => (env[variables.token] ?? '') !== '');
  const chosen = await dialogue.choose(
    'Which vendors are to be recorded?',
    vendors.map(({ type }) => type),
    ready.map(({ type }) => type),
  );
  for (const vendor of vendors.filter(({ type }) => chosen.includes(type))) {
    await untilFine(dialogue, plan, async () => {
      const source = await askForSource(dialogue, plan.invocation, vendor);
      plan.draft.sources[vendor.type] = source;
      return { sources: { [vendor.type]: source }, sinks: {} };
    });
  }
}

async function askForSinks(dialogue: Dialogue, plan: Plan): Promise<void> {
  const { sinks } = plan.registry;
  dialogue.say('');
  const chosen = await dialogue.choose(
    'Where should rows and files go, besides the home? Empty for nowhere',
    sinks.map(({ type }) => type),
    [],
  );
  for (const sink of sinks.filter(({ type }) => chosen.includes(type))) {
    await untilFine(dialogue, plan, async () => {
      const section = await askForSink(dialogue, plan.invocation, sink);
      plan.draft.sinks[sink.type] = section;
      return { sources: {}, sinks: { [sink.type]: section } };
    });
  }
}

/** Tries what was answered, and asks again as long as it does not work and the person wants to. */
async function untilFine(
  dialogue: Dialogue,
  { invocation, draft, target, check }: Plan,
  answer: () => Promise<Draft>,
): Promise<void> {
  for (;;) {
    const answered = await answer();
    if (!check) return;
    const { home } = draft;
    try {
      if (
        await tryDraft(invocation, home === undefined ? answered : { ...answered, home }, target)
      ) {
        return;
      }
    } catch (error) {
      dialogue.say(errorScreen(error));
    }
    if (!(await dialogue.agree('  Answer again?'))) return;
  }
}

function isEmpty(section: object): boolean {
  return Object.keys(section).length === 0;
}
