import { createWriteStream } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { systemClock } from '#kernel';
import { CliError, EXIT, type Context } from '../context.js';
import { withDatabase } from '../database.js';

const FORMATS = ['csv', 'api'] as const;

/** Which statements, and in which form. */
export interface ExportOptions {
  from?: string;
  to?: string;
  format?: string;
  out?: string;
}

const day = (date: Date) => date.toISOString().slice(0, 10);

/** `imprimatur statements export`: for the DSA Transparency Database. Sending it is whoever runs the service's own business. */
export async function statementsExport(options: ExportOptions, context: Context): Promise<number> {
  const { statements: words } = context.words;
  const { from = day(systemClock.now()), to = day(systemClock.now()), format = 'csv', out } = options;
  for (const date of [from, to])
    if (!z.iso.date().safeParse(date).success) throw new CliError('bad_date', words.badDate(date));
  if (from > to) throw new CliError('bad_range', words.badRange);
  if (!(FORMATS as readonly string[]).includes(format)) throw new CliError('bad_format', words.badFormat(format));
  const { Statements } = await import('#domain/notices');
  await withDatabase(context.env, async (database) => {
    const statements = new Statements(database);
    const lines =
      format === 'csv' ? await statements.exportCsv({ from, to }) : asLines(statements.exportBatches({ from, to }));
    const print = new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        context.out(chunk.replace(/\r?\n$/, ''));
        done();
      },
    });
    await pipeline(Readable.from(lines), out ? createWriteStream(out, { mode: 0o600 }) : print);
  });
  if (out) context.note(words.written(out));
  return EXIT.done;
}

async function* asLines(batches: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const batch of batches) yield `${JSON.stringify(batch)}\n`;
}
