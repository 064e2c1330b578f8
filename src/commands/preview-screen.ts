import type { PreviewDocument, PreviewedStream } from '../documents/preview.ts';
import { requestLine } from '../extract/target.ts';
import { printable } from '../platform/printable.ts';

export function previewScreen({ streams }: PreviewDocument): string {
  return streams.flatMap(linesOf).join('\n');
}

function linesOf(stream: PreviewedStream): string[] {
  const name = `${stream.source}/${stream.stream}`;
  if ('error' in stream) {
    const { message, hint } = stream.error;
    return [name, `  ${printable(message)}`, `  what to do: ${hint}`];
  }
  const { request, records, samples } = stream;
  return [
    name,
    `  ${request === null ? 'nothing to ask' : requestLine(request)}: ${records} records`,
    ...samples.map((sample) => `    ${printable(sample, 160)}`),
  ];
}
