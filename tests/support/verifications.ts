import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '#kernel';
import type { VerifyReport } from '#contracts';
import { hashFile, jsonReport, VerificationRunner, Verifications, type RunnerParts } from '#domain/verification';
import { Database } from '#platform/database';
import { createBlobStore, createScratch, type BlobStore, type ScratchSpace } from '#platform/storage';
import { freshDatabase } from './fresh-database.js';
import { sampleReport } from './report.js';

export const KEEP_MS = 3600_000;
export const MINUTE_MS = 60_000;
/** A job that is not tried again. */
export const LAST = { attempt: 2, last: true };

/** What the real verifier gives, as far as the room of verifications looks at it. */
export async function examined(path: string, name: string | null = null): Promise<VerifyReport> {
  const { sha256, bytes } = await hashFile(path);
  return sampleReport({ file: { name, sha256, sha512: 'cd'.repeat(64), bytes, container: null } });
}

/** The room of verifications on a real database and real folders, with a clock to turn and an examination that is quick. */
export class VerificationHarness {
  now = new Date('2026-03-01T12:00:00Z');
  readonly clock = { now: () => this.now };
  /** What workers told of faults of ours. */
  faults: unknown[] = [];

  private constructor(
    readonly database: Database,
    readonly databaseUrl: string,
    private readonly dir: string,
    readonly blobs: BlobStore,
    readonly scratch: ScratchSpace,
  ) {}

  static async open(): Promise<VerificationHarness> {
    const databaseUrl = await freshDatabase();
    const dir = await mkdtemp(join(tmpdir(), 'imprimatur-verifications-'));
    const blobs = createBlobStore({ kind: 'fs', dir: join(dir, 'blobs') });
    const database = new Database(databaseUrl, 4);
    return new VerificationHarness(database, databaseUrl, dir, blobs, createScratch(join(dir, 'scratch')));
  }

  async close(): Promise<void> {
    await this.database.$disconnect();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** Forgets all rows and turns the clock back. */
  async clear(): Promise<void> {
    this.now = new Date('2026-03-01T12:00:00Z');
    this.faults = [];
    await this.database.verificationJob.deleteMany();
    await this.database.verificationFeedback.deleteMany();
    await this.database.outbox.deleteMany();
  }

  pass(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  api(most = 40): Verifications {
    return new Verifications(this.database, this.blobs, this.clock, { most, keepMs: KEEP_MS }, 'api');
  }

  worker(change: Partial<RunnerParts> = {}): VerificationRunner {
    const { database, blobs, scratch, clock } = this;
    return new VerificationRunner({
      database,
      blobs,
      scratch,
      clock,
      examine: (path, name, onProgress) => (onProgress(0.5), examined(path, name)),
      maker: jsonReport(scratch),
      fetch: { maxBytes: 1000, timeoutMs: 5000 },
      keepMs: KEEP_MS,
      actor: 'worker',
      onFault: (error) => this.faults.push(error),
      ...change,
    });
  }

  async submitted(
    content = 'bytes',
    name: string | null = 'clip.mp4',
    files = true,
  ): Promise<{ id: string; path: string }> {
    const { path } = await this.scratch.file('upload');
    await writeFile(path, content);
    const id = await this.api().reserve('upload');
    await this.api().submit(id, { path, name, sha256: sha256Hex(content), receivedAt: this.now }, { files });
    return { id, path };
  }

  async submittedUrl(url: string): Promise<string> {
    const id = await this.api().reserve('url');
    await this.api().submit(id, { url });
    return id;
  }

  row(id: string) {
    return this.database.verificationJob.findUniqueOrThrow({ where: { id } });
  }

  /** Jobs promised so far. */
  async promised(): Promise<string[]> {
    return (await this.database.outbox.findMany({ orderBy: { id: 'asc' } })).map(({ job }) => job);
  }

  /** Names of the files in scratch and in the store. */
  async files(): Promise<{ scratch: string[]; stored: string[] }> {
    const stored = await readdir(join(this.dir, 'blobs'), { recursive: true, withFileTypes: true }).catch(() => []);
    return {
      scratch: await readdir(join(this.dir, 'scratch')).catch(() => []),
      stored: stored.filter((one) => one.isFile()).map(({ name }) => name),
    };
  }
}
