/** Which requests a vendor's declaration allows. Pure. */

/** A request that may be sent, because it only reads; `{name}` in the path stands for one segment. */
export type Read = { method: 'GET' | 'POST'; path: string };

/** The read that a request is one of; null if it is none. @param path percent-encoded, as it is sent */
export function readOf(reads: readonly Read[], method: string, path: string): Read | null {
  const segments = path.split('/');
  const found = reads.find(
    (read) => read.method === method && matches(read.path.split('/'), segments),
  );
  return found ?? null;
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, at) =>
      /^\{[^{}]+\}$/.test(part) ? segments[at] !== '' : part === segments[at],
    )
  );
}
