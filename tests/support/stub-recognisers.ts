import { MODERATION_CATEGORIES } from '#contracts';
import { startStub, type StubAnswer, type StubCall, type StubServer } from './stub-http.js';

/** What goes wrong with an answer. */
export type RecogniserFault =
  /** The answer comes after 300 ms. */
  | 'slow'
  /** Never an answer. */
  | 'silent'
  /** 429 with `retry-after: 0`. */
  | 'busy'
  /** 429 with `retry-after: 3600`. */
  | 'busy for long'
  | 'out of order'
  | 'forbidden'
  /** Half of the JSON, with the right length. */
  | 'malformed'
  /** The connection breaks in the middle of the body. */
  | 'truncated'
  /** The right JSON, called HTML. */
  | 'wrong type'
  /** JSON of another shape. */
  | 'other shape'
  /** One category is not there. */
  | 'partial'
  /** Two megabytes. */
  | 'huge'
  /** A redirect to another address. */
  | 'redirect';

/** How the stub behaves. */
export interface StubRecognisersOptions {
  /** By the number of the call, from 0; `null` for an answer as it should be. */
  fault?: (call: number, request: StubCall) => RecogniserFault | null;
  /** The key that it wants; any when left out. */
  key?: string;
  /** What the transcriptions say, and in which language (`verbose_json` only). */
  transcript?: { text: string; language?: string };
  /** The multimodal moderation only reads text, as some servers do. */
  textOnly?: boolean;
}

/**
 * A picture for the stub: not a real JPEG. Its number is the score of the stub's `sexual` and, times six and rounded to
 * 0, 2, 4 or 6, its severity; everything else scores a tenth of it.
 */
export function stubJpeg(score: number): Uint8Array {
  return Buffer.from(`stub-jpeg ${score}`);
}

function scoreOf(base64: unknown): number {
  const found = /^stub-jpeg ([\d.]+)$/.exec(Buffer.from(String(base64), 'base64').toString());
  if (!found) throw new Error('not a picture of this stub');
  return Number(found[1]);
}

function transcription({ fields, files }: StubCall, options: StubRecognisersOptions): unknown {
  const [file] = files;
  if (file?.field !== 'file' || file.type !== 'audio/wav' || file.bytes.toString('latin1', 0, 4) !== 'RIFF')
    return null;
  if (typeof fields['model'] !== 'string') return null;
  const { text = 'hello there', language = 'english' } = options.transcript ?? {};
  return fields['response_format'] === 'verbose_json'
    ? { task: 'transcribe', language, duration: 1, text, segments: [] }
    : { text };
}

function moderation({ fields }: StubCall, options: StubRecognisersOptions): Record<string, unknown> | null {
  const [part, more] = fields['input'] as { type: string; image_url?: { url: string } }[];
  const [, base64] = /^data:image\/jpeg;base64,(.+)$/.exec(part?.image_url?.url ?? '') ?? [];
  if (part?.type !== 'image_url' || more !== undefined || base64 === undefined) return null;
  const score = scoreOf(base64);
  const seen = (name: string) => /^(sexual|violence|violence\/graphic|self-harm.*)$/.test(name);
  const each = <T>(value: (name: string) => T) => Object.fromEntries(MODERATION_CATEGORIES.map((n) => [n, value(n)]));
  const applied = (name: string) => (seen(name) && !options.textOnly ? ['image'] : []);
  const scores = each((name) => (!seen(name) || options.textOnly ? 0 : name === 'sexual' ? score : score / 10));
  const result = {
    flagged: score > 0.5,
    categories: each((name) => name === 'sexual' && score > 0.5),
    category_scores: scores,
    category_applied_input_types: each(applied),
  };
  return { id: 'modr-1', model: 'omni-moderation-2024-09-26', results: [result] };
}

function analysis({ fields, query }: StubCall): Record<string, unknown> | null {
  if (query.get('api-version') !== '2024-09-01') return null;
  const score = scoreOf((fields['image'] as { content?: string } | undefined)?.content);
  const severity = (value: number) => 2 * Math.round(3 * value);
  const categories = fields['categories'] as string[];
  return {
    categoriesAnalysis: categories.map((category) => ({
      category,
      severity: severity(category === 'Sexual' ? score : score / 10),
    })),
  };
}

function answerTo(call: StubCall, options: StubRecognisersOptions): unknown {
  if (call.method !== 'POST') return null;
  if (call.path === '/v1/audio/transcriptions') return transcription(call, options);
  if (call.path === '/v1/moderations') return moderation(call, options);
  return call.path === '/contentsafety/image:analyze' ? analysis(call) : null;
}

/** The answer without one of the things that it must have. */
function partOf(answer: unknown): unknown {
  const copy = structuredClone(answer) as {
    text?: string;
    results?: { category_scores: Record<string, number> }[];
    categoriesAnalysis?: unknown[];
  };
  delete copy.text;
  delete copy.results?.[0]?.category_scores['violence/graphic'];
  copy.categoriesAnalysis?.pop();
  return copy;
}

async function spoil(answer: unknown, fault: RecogniserFault | null): Promise<StubAnswer> {
  const error = (status: number, headers = {}): StubAnswer => ({
    status,
    headers,
    // A service may repeat the key.
    json: { error: { message: 'Incorrect API key provided: sk-secret', type: 'error', code: null } },
  });
  const whole = Buffer.from(JSON.stringify(answer));
  switch (fault) {
    case 'slow':
      await new Promise((done) => setTimeout(done, 300));
      break;
    case 'silent':
      return new Promise(() => undefined);
    case 'busy':
      return error(429, { 'retry-after': '0' });
    case 'busy for long':
      return error(429, { 'retry-after': '3600' });
    case 'out of order':
      return error(500);
    case 'forbidden':
      return error(403);
    case 'malformed':
      return { status: 200, bytes: whole.subarray(0, whole.length >> 1) };
    case 'truncated':
      return { status: 200, bytes: whole, cutAfter: whole.length >> 1 };
    case 'wrong type':
      return { status: 200, bytes: whole, headers: { 'content-type': 'text/html' } };
    case 'other shape':
      return { status: 200, json: { ok: true } };
    case 'partial':
      return { status: 200, json: partOf(answer) };
    case 'huge':
      return { status: 200, bytes: Buffer.alloc(2_000_000, ' ') };
    case 'redirect':
      return { status: 307, headers: { location: 'http://127.0.0.1:9/v1/elsewhere' } };
    case null:
      break;
  }
  return { status: 200, json: answer };
}

/**
 * One server that speaks the three contracts of `#platform/recognisers`: `POST /v1/audio/transcriptions`, the multimodal
 * `POST /v1/moderations`, and Azure's `POST /contentsafety/image:analyze`. It checks what it is sent (400 otherwise).
 */
export function startStubRecognisers(options: StubRecognisersOptions = {}): Promise<StubServer> {
  let count = 0;
  return startStub(async (call) => {
    const fault = options.fault?.(count++, call) ?? null;
    const { authorization, 'ocp-apim-subscription-key': azure } = call.headers;
    if (options.key !== undefined && authorization !== `Bearer ${options.key}` && azure !== options.key) {
      return { status: 401, json: { error: { message: 'no', type: 'auth' } } };
    }
    const answer = answerTo(call, options);
    if (answer === null) return { status: 400, json: { error: { message: 'not the contract', type: 'invalid' } } };
    return spoil(answer, fault);
  });
}
