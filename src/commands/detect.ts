import { InvalidArgumentError } from 'commander';
import { severity } from '../documents/common.ts';
import { EXIT, type ExitCode, usageError } from '../errors.ts';
import type { Severity } from '../model.ts';
import { instant } from '../settings/instant.ts';
import { readSetting } from '../settings/problem.ts';
import { detectScreen, detectionsScreen } from './detect-screen.ts';
import { print, printReport } from './print.ts';
import { type Call, NO_SECRETS, type Verb } from './verb.ts';

type DetectOptions = {
  from?: string;
  failOn?: Severity;
  close?: string;
  because?: string;
  list?: boolean;
};

export const detect: Verb<DetectOptions> = {
  usage: 'detect [detections...]',
  summary: 'judge what is new, and archive what is found',
  examples: () => [
    'auditlake detect --fail-on high',
    'auditlake detect --close 3f9a1c --because "agreed with Ann, ticket 4711"',
  ],
  options: (command) =>
    command
      .option('--from <time>', 'judge events from this time on again')
      .option(
        '--fail-on <severity>',
        'exit with 4 if a finding of this severity or worse is open',
        severityOf,
      )
      .option('--close <id>', 'close the finding whose id begins with this, and exit')
      .option('--because <text>', 'with --close: the reason, which is archived')
      .option('--list', 'list the detections, and exit'),
  async run(call) {
    const { args, options } = call;
    const { from, failOn = null, close, because, list = false } = options;
    if (list) return await listDetections(call);
    if (close !== undefined) return await closeFinding(call, close);
    if (because !== undefined) throw usageError('--because goes with --close', 'name a finding');
    const since = from === undefined ? null : readSetting(instant, from, '--from');
    // No vendor is asked.
    const context = call.open(['sources'], { takesGenerated: true });
    if (since !== null && since >= context.now()) {
      throw usageError(
        '--from is in the future',
        'name an instant from which on events are judged again',
      );
    }
    const work = await import('../runs/detect/detect.ts');
    const done = await work.detect(context, { names: args, from: since, failOn });
    return printReport(context, done, detectScreen);
  },
};

async function closeFinding(
  { args, options, open }: Call<DetectOptions>,
  id: string,
): Promise<ExitCode> {
  const { because, from, failOn } = options;
  if (args.length > 0 || from !== undefined || failOn !== undefined) {
    throw usageError('--close takes nothing but --because', 'close it apart');
  }
  if (because === undefined || because.trim() === '') {
    throw usageError('--because is missing', 'say why it is closed: it is archived');
  }
  const context = open(['sources'], { takesGenerated: true });
  const work = await import('../runs/detect/close.ts');
  return printReport(context, await work.closeFinding(context, { id, because }), detectScreen);
}

async function listDetections({ args, open }: Call<DetectOptions>): Promise<ExitCode> {
  const context = open(NO_SECRETS);
  const work = await import('../runs/detect/detections.ts');
  const { rules, broken } = work.detectionsFor(context, args);
  const detections = rules.map(({ name, severity: worth, title, attack, atlas, file }) => ({
    detection: name,
    severity: worth,
    title,
    techniques: [...attack, ...atlas],
    file,
  }));
  const faults = broken.map(({ error }) => error);
  const exit = broken.length === 0 ? EXIT.complete : EXIT.usage;
  const document = { version: 1 as const, detections, faults };
  return print(context, { document, exit }, detectionsScreen);
}

function severityOf(text: string): Severity {
  const known = severity.safeParse(text);
  if (known.success) return known.data;
  throw new InvalidArgumentError(`It must be one of ${severity.options.join(', ')}.`);
}
