/** One request as an endpoint sees it. */
export type Call = {
  readonly method: string;
  readonly path: string;
  /** The base URL by which the vendor was asked, for links in answers. */
  readonly base: string;
  readonly query: Readonly<Record<string, string>>;
  /** The query with every value of a repeated name. */
  readonly params: URLSearchParams;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Empty for a GET. */
  readonly body: string;
};

/** What an endpoint answers; how it travels is decided elsewhere. */
export type Answer = {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  /** How many list items the body holds. */
  readonly served?: number;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Thrown by an endpoint to answer with an error from anywhere inside it. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.name = 'Refusal';
    this.answer = answer;
  }
}

/** An answer whose body is the value as JSON. */
export function json(status: number, value: unknown, served = 0): Answer {
  return jsonText(status, JSON.stringify(value), served);
}

/** An answer whose body is already JSON, or is meant to look like it. */
export function jsonText(status: number, body: string | Buffer, served = 0): Answer {
  return { status, type: 'application/json; charset=utf-8', body, served };
}

/** The body as it travels. */
export function bytesOf({ body }: Answer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

/** An answer whose body is a page for people, as proxies and sign-in walls send it. */
export function html(status: number, title: string, text: string): Answer {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${text}</h1></body></html>\n`;
  return { status, type: 'text/html; charset=utf-8', body };
}
