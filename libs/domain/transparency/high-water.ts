import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { LogError } from './errors.js';

/** A tree that was shown to the world. */
const Head = z.object({ size: z.number().int().min(0), root: z.string().regex(/^[0-9a-f]{64}$/) });
export type Head = z.infer<typeof Head>;

/**
 * The largest tree that this machine ever published, kept outside the database: a database that was put back to an
 * earlier day is noticed by it.
 */
export class HighWater {
  constructor(private readonly path: string) {}

  /** @throws LogError `log_mark_unreadable` when the file is damaged */
  async read(): Promise<Head | null> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw e;
    }
    try {
      return Head.parse(JSON.parse(text));
    } catch (cause) {
      throw new LogError(
        'log_mark_unreadable',
        `${this.path} cannot be read. It says how far the log was published; restore it from a backup.`,
        cause,
      );
    }
  }

  /** Notes a tree before it is shown. Smaller ones change nothing. The caller holds the lock of the log. */
  async raise(head: Head): Promise<void> {
    const known = await this.read();
    if (known && known.size >= head.size) return;
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const temporary = `${this.path}.${process.pid}.tmp`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(head));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.path);
  }
}
