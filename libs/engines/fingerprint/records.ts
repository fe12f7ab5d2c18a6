import { FingerprintError } from './errors.js';

/** A hash as a list writes it, nothing checked. */
export interface RawRecord {
  type?: string;
  hash: string;
  quality?: string;
  atS?: string;
  label?: string;
}

type Found = (RawRecord & { line: number }) | { line: number; fault: FingerprintError };

/** Longest line or JSON object, in characters. */
const LONGEST_RECORD = 1_000_000;

const COLUMNS: Record<keyof RawRecord, readonly string[]> = {
  hash: ['hash', 'indicator', 'signal_str', 'signal', 'value', 'content', 'pdq'],
  type: ['type', 'hash_type', 'indicator_type', 'signal_type', 'algorithm'],
  quality: ['quality', 'pdq_quality'],
  atS: ['timestamp', 'second', 'at_s', 'ats'],
  label: ['tags', 'tag', 'label', 'labels', 'description', 'classification', 'category'],
};

const bad = (line: number, message: string): Found => ({
  line,
  fault: new FingerprintError('hash_list_malformed', message, line),
});

/** One record and no more. */
function* one(record: Found): Generator<Found, void> {
  yield record;
}

/** Decodes UTF-8 and cuts into lines with their numbers; an overlong line is cut off and marked. */
async function* linesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<{ line: number; text: string }> {
  const decoder = new TextDecoder();
  let rest = '';
  let line = 0;
  for await (const chunk of chunks) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const parts = rest.split('\n');
    rest = parts.pop()!;
    for (const text of parts) yield { line: ++line, text: text.replace(/\r$/, '') };
    // Long lines are handed on in pieces, so that they are never held.
    while (rest.length > LONGEST_RECORD) {
      yield { line: line + 1, text: rest.slice(0, LONGEST_RECORD) };
      rest = rest.slice(LONGEST_RECORD);
    }
  }
  if (rest) yield { line: line + 1, text: rest };
}

/** Fields of a line of CSV, quotes undone. */
function fieldsOf(text: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] as string;
    if (quoted && sign === '"' && text[i + 1] === '"') field += text[++i];
    else if (sign === '"') quoted = !quoted;
    else if (sign === ',' && !quoted) {
      fields.push(field.trim());
      field = '';
    } else field += sign;
  }
  return [...fields, field.trim()];
}

type Columns = Partial<Record<keyof RawRecord, number>>;

/** Which column is which, when the line names them. */
function headerOf(fields: string[]): Columns | null {
  const names = fields.map((field) => field.toLowerCase());
  const columns: Columns = {};
  for (const [key, known] of Object.entries(COLUMNS)) {
    const at = names.findIndex((name) => known.includes(name));
    if (at >= 0) columns[key as keyof RawRecord] = at;
  }
  return columns.hash === undefined ? null : columns;
}

/** A line without a header: a hash alone, or frame, quality, hash and second as vPDQ writes them. */
function plainLine(line: number, fields: string[]): Found {
  if (fields.length === 1) return { line, hash: fields[0]! };
  if (fields.length === 4) return { line, type: 'vpdq', quality: fields[1], hash: fields[2]!, atS: fields[3] };
  if (fields.length === 2) return { line, hash: fields[0]!, label: fields[1] };
  return bad(line, 'Name the columns in a first line, such as "type,hash,quality,tags".');
}

/** One list in the making: knows its form from its first words. */
class Reader {
  private form: 'lines' | 'json' | 'xml' | null = null;
  private columns: Columns | null = null;
  private text = '';
  private startLine = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;

  *take(line: number, text: string): Generator<Found> {
    const trimmed = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (this.form === null) {
      const start = trimmed.trimStart();
      if (!start || start.startsWith('#')) return;
      this.form = /^[[{]/.test(start) ? 'json' : start.startsWith('<') ? 'xml' : 'lines';
      if (this.form === 'lines' && (this.columns = headerOf(fieldsOf(start)))) return;
    }
    if (this.form === 'json') yield* this.json(line, trimmed);
    else if (this.form === 'xml') yield* this.xml(line, trimmed);
    else yield* this.csv(line, trimmed);
  }

  *end(line: number): Generator<Found> {
    if (this.form === 'json' && (this.depth > 0 || this.inString))
      yield bad(this.startLine || line, 'The JSON ends too early.');
  }

  private *csv(line: number, text: string): Generator<Found> {
    if (!text.trim() || text.trimStart().startsWith('#')) return;
    const fields = fieldsOf(text);
    const { columns } = this;
    if (!columns) return yield* one(plainLine(line, fields));
    const field = (key: keyof RawRecord) => (columns[key] === undefined ? undefined : fields[columns[key]]);
    yield {
      line,
      type: field('type'),
      hash: field('hash') ?? '',
      quality: field('quality'),
      atS: field('atS'),
      label: field('label'),
    };
  }

  /** Cuts objects out of a list, or a line each, by counting braces. */
  private *json(line: number, text: string): Generator<Found> {
    for (const sign of `${text}\n`) {
      if (this.depth === 0) {
        if (sign === '{') [this.depth, this.text, this.startLine] = [1, sign, line];
        else if (!/[\s[\],]/.test(sign))
          return yield* one(bad(line, 'The list holds something that is not an object.'));
        continue;
      }
      if (this.text.length < LONGEST_RECORD) this.text += sign;
      if (this.escaped) this.escaped = false;
      else if (this.inString) {
        if (sign === '\\') this.escaped = true;
        else if (sign === '"') this.inString = false;
      } else if (sign === '"') this.inString = true;
      else if (sign === '{') this.depth++;
      else if (sign === '}' && --this.depth === 0) yield* fromJson(this.startLine, this.text);
    }
  }

  private *xml(line: number, text: string): Generator<Found> {
    for (const [, tag, value] of text.matchAll(/<(?:\w+:)?(md5|sha1|pdq|pdna)(?:\s[^>]*)?>\s*([^<]*?)\s*<\//gi)) {
      yield { line, type: tag!, hash: value! };
    }
  }
}

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return undefined;
  return value.filter((item) => typeof item === 'string').join(', ');
};

function* fromJson(line: number, text: string): Generator<Found> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return yield* one(bad(line, 'An object is not valid JSON, or longer than a million characters.'));
  }
  const object = value as Record<string, unknown>;
  if (Array.isArray(object.data)) {
    for (const item of object.data) {
      if (typeof item === 'object' && item !== null) yield* fromObject(line, item as Record<string, unknown>);
      else yield bad(line, 'The list holds something that is not an object.');
    }
  } else yield* fromObject(line, object);
}

function* fromObject(line: number, object: Record<string, unknown>): Generator<Found> {
  const named = Object.fromEntries(Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]));
  const field = (key: keyof RawRecord) => {
    const name = COLUMNS[key].find((known) => named[known] !== undefined && named[known] !== null);
    return name === undefined ? undefined : textOf(named[name]);
  };
  const label = field('label');
  if (typeof named.fingerprints === 'object' && named.fingerprints !== null) {
    for (const [type, hash] of Object.entries(named.fingerprints))
      yield { line, type, hash: textOf(hash) ?? '', label };
    return;
  }
  yield { line, type: field('type'), hash: field('hash') ?? '', quality: field('quality'), atS: field('atS'), label };
}

/** The records of a list in any of its forms. */
export async function* recordsOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Found> {
  const reader = new Reader();
  let last = 0;
  for await (const { line, text } of linesOf(chunks)) {
    last = line;
    yield* reader.take(line, text);
  }
  yield* reader.end(last);
}
