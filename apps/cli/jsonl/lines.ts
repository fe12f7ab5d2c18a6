/** Longest line that is read, in bytes; the text in it counts up to 32,000 characters anyway. */
export const MOST_LINE_BYTES = 4_000_000;

const NEWLINE = 0x0a;

/** One line of a file, numbered from 1, or why it could not be read. */
export type Line = { number: number; text: string } | { number: number; fault: 'long' | 'utf8' };

/**
 * Splits bytes into lines and gives those that one chunk completed together. Memory is bounded by the chunk and the
 * longest line allowed: a longer one is dropped while it is read.
 */
export async function* linesOf(source: AsyncIterable<Uint8Array>, mostBytes = MOST_LINE_BYTES): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let parts: Uint8Array[] = [];
  let held = 0;
  let number = 0;
  const add = (bytes: Uint8Array) => {
    held += bytes.length;
    if (held > mostBytes) parts = [];
    else if (bytes.length) parts.push(bytes);
  };
  const end = (): Line => {
    const long = held > mostBytes;
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    [parts, held] = [[], 0];
    number++;
    if (long) return { number, fault: 'long' };
    try {
      return { number, text: decoder.decode(bytes) };
    } catch {
      return { number, fault: 'utf8' };
    }
  };
  for await (const chunk of source) {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, at));
      lines.push(end());
      from = at + 1;
    }
    add(chunk.subarray(from));
    if (lines.length) yield lines;
  }
  if (held > 0) yield [end()];
}
