import type { PreviewDocument, PreviewedStream } from '../documents/preview.ts';
import { EXIT } from '../errors.ts';
import { requestLine } from '../extract/target.ts';
import { printable } from '../platform/printable.ts';
import { diagnose, type StreamPiece } from '../runs/diagnose.ts';
import { diagnosisLines } from './diagnosis-lines.ts';
import { counted } from '../platform/counted.ts';

export function previewScreen({ streams }: PreviewDocument): string {
  return [
    ...diagnosisLines(diagnose({ streams: streams.map(pieceOf) })),
    ...streams.flatMap(linesOf),
  ].join('\n');
}

function pieceOf(previewed: PreviewedStream): StreamPiece {
  const { source, stream } = previewed;
  if (!('error' in previewed)) return { source, stream, outcome: 'complete' };
  const { error } = previewed;
  if (error.exit === EXIT.complete) return { source, stream, outcome: 'unavailable', error };
  return {
    source,
    stream,
    outcome: error.exit === EXIT.incomplete ? 'incomplete' : 'failed',
    error,
  };
}

/** What failed is among the causes. */
function linesOf(previewed: PreviewedStream): string[] {
  const name = `${previewed.source}/${previewed.stream}`;
  if ('error' in previewed) {
    const { message, hint, exit } = previewed.error;
    if (exit !== EXIT.complete) return [];
    return [`${name}: not available`, `  ${printable(message)}`, `  what to do: ${hint}`];
  }
  const { request, records, samples } = previewed;
  return [
    name,
    `  ${request === null ? 'nothing to ask' : requestLine(request)}: ${counted(records, 'record')}`,
    ...samples.map((sample) => `    ${printable(sample, 160)}`),
  ];
}
