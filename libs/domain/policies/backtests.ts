import { messageOf, newId, type Clock } from '#kernel';
import { BacktestResult, Signal, type Backtest, type StartBacktest } from '#contracts';
import { loadPolicy, type Policy } from '#engines/policy';
import { DecisionRecord } from '#domain/gate';
import { recordAudit } from '#platform/audit';
import { assertMay, type StaffCaller } from '#platform/auth';
import { json, type Database, type PolicyBacktest, type Transaction } from '#platform/database';
import { promiseJob } from '#platform/queue';
import { z } from 'zod';
import { BacktestCount, emptyResult, tryClip } from './counting.js';
import { PolicyVersionError } from './errors.js';
import { keepText, lockPolicies, versionById } from './live.js';

/** Clips read at a time; one with many signals has some 100 kB of them. */
const PAGE = 100;
/** A job ends after this long and promises the next one, so that it holds up nothing else for long. */
const SLICE_MS = 15_000;

/** What a person decided, whatever else the record of it holds. */
const Person = z.looseObject({ outcome: z.string() });

/** A signal without what no rule reads: most of its bytes, and of the time to check them. */
const Measured = Signal.omit({ series: true, box: true });
const PastDecisions = z.array(
  DecisionRecord.extend({ signals: z.array(Measured), asked: z.array(Measured).optional() }),
);

interface PastRow {
  id: string;
  created_at: Date;
  /** JSON. */
  decisions: string;
  review: unknown;
}

function personOf(review: unknown): 'release' | 'refuse' | null {
  const read = Person.safeParse(review);
  if (!read.success) return null;
  if (read.data.outcome.startsWith('release')) return 'release';
  return read.data.outcome === 'refuse' ? 'refuse' : null;
}

function tryRow(policy: Policy, { id, decisions, review }: PastRow) {
  try {
    return tryClip(policy, { id, records: PastDecisions.parse(JSON.parse(decisions)), person: personOf(review) });
  } catch {
    return null; // signals of another time, or damaged: counted as unreadable
  }
}

/** A back-test as it is shown. */
function view(row: PolicyBacktest): Backtest {
  return {
    id: row.id,
    object: 'policy.backtest',
    policy: row.revisionId,
    sha256: row.sha256,
    from: row.fromAt.toISOString(),
    to: row.toAt.toISOString(),
    state: z.enum(['running', 'done', 'failed']).parse(row.state),
    done: row.done,
    total: row.total,
    error: row.error,
    started_by: row.startedBy,
    created_at: row.createdAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
    result: new BacktestCount(BacktestResult.parse(row.result)).result(),
  };
}

/** Tries a version on the stored signals of past clips. Nothing is looked at again, and nothing is decided. */
export class PolicyBacktests {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sliceMs = SLICE_MS,
  ) {}

  /** Starts one; of a version, one runs at a time. @throws PolicyVersionError `backtest_running`, `backtest_empty` */
  async start(by: StaffCaller, revisionId: string, { from, to }: StartBacktest): Promise<Backtest> {
    assertMay(by, 'policy.test');
    const now = this.clock.now();
    const [fromAt, toAt] = [new Date(from), new Date(to)];
    const total = await this.database.clip.count({ where: { createdAt: { gte: fromAt, lt: toAt } } });
    if (!total) throw empty();
    const row = await this.database.$transaction(async (tx) => {
      await lockPolicies(tx);
      const version = await versionById(tx, revisionId);
      if (await tx.policyBacktest.count({ where: { revisionId, state: 'running' } })) throw running();
      await keepText(tx, version);
      const id = newId('bkt', now.getTime());
      const made = await tx.policyBacktest.create({
        data: {
          ...{ id, revisionId, sha256: version.sha256, fromAt, toAt, state: 'running', total },
          ...{ result: json(emptyResult()), startedBy: by.id, createdAt: now, updatedAt: now },
        },
      });
      await promiseJob(tx, { job: 'policy.backtest', payload: { id }, dedupeKey: `${id}-0` });
      const data = { backtest: id, sha256: version.sha256, from, to, clips: total };
      await recordAudit(tx, { actor: `staff:${by.id}`, action: 'policy.backtest', subject: revisionId, data });
      return made;
    });
    return view(row);
  }

  /** The newest back-test of a version, with what it has counted so far. @throws PolicyVersionError `backtest_not_found` */
  async get(by: StaffCaller, revisionId: string): Promise<Backtest> {
    assertMay(by, 'policy.read');
    await versionById(this.database, revisionId);
    const row = await this.database.policyBacktest.findFirst({ where: { revisionId }, orderBy: { createdAt: 'desc' } });
    if (!row) throw new PolicyVersionError('not_found', 'backtest_not_found', 'This version was not back-tested yet.');
    return view(row);
  }

  /**
   * Job `policy.backtest`: goes on for a while from where it was left, then promises itself anew. Where two run at once,
   * the second stops at its first page.
   * @param last true when the queue will not try again: what is thrown then ends the back-test as failed
   */
  async run(id: string, last = false): Promise<void> {
    try {
      await this.slice(id);
    } catch (e) {
      if (last) await this.end(this.database, id, 'failed', messageOf(e).slice(0, 300));
      throw e;
    }
  }

  private async slice(id: string): Promise<void> {
    let row = await this.database.policyBacktest.findUnique({ where: { id } });
    if (row?.state !== 'running') return;
    const { yaml } = await this.database.policyVersion.findUniqueOrThrow({ where: { sha256: row.sha256 } });
    const policy = loadPolicy(yaml);
    const count = new BacktestCount(BacktestResult.parse(row.result));
    const until = performance.now() + this.sliceMs;
    for (let reading = this.page(row, row), more = true; more;) {
      const page = await reading;
      more = page.length === PAGE;
      const pause = more && performance.now() >= until;
      // The database unpacks the next page while this one is tried.
      if (more && !pause) reading = this.pageAfter(row, page.at(-1)!);
      for (const past of page) count.add(tryRow(policy, past));
      const next = await this.keep(row, page, count, { ended: !more, pause });
      if (!next || pause) return;
      row = next;
    }
  }

  private pageAfter(row: PolicyBacktest, { created_at: cursorAt, id: cursorId }: PastRow): Promise<PastRow[]> {
    const reading = this.page(row, { cursorAt, cursorId });
    // What fails is thrown where the page is needed, if it still is.
    reading.catch(() => undefined);
    return reading;
  }

  /** The page is chosen first: signals are large, and only those of the page are to be unpacked. */
  private page(
    { fromAt, toAt }: PolicyBacktest,
    { cursorAt, cursorId }: Pick<PolicyBacktest, 'cursorAt' | 'cursorId'>,
  ): Promise<PastRow[]> {
    return this.database.$queryRaw<PastRow[]>`
      SELECT c.id, c.created_at, c.decisions::text AS decisions, c.review FROM (
        SELECT id FROM clips
        WHERE (created_at, id) > (${cursorAt ?? fromAt}::timestamptz, ${cursorId ?? ''}) AND created_at < ${toAt}::timestamptz
        ORDER BY created_at, id LIMIT ${PAGE}
      ) page JOIN clips c ON c.id = page.id ORDER BY c.created_at, c.id`;
  }

  /** Counts and the place reached are written together. Null: somebody else went on with it. */
  private async keep(
    row: PolicyBacktest,
    page: PastRow[],
    count: BacktestCount,
    { ended, pause }: { ended: boolean; pause: boolean },
  ): Promise<PolicyBacktest | null> {
    const final = page.at(-1);
    const cursor = final && { cursorAt: final.created_at, cursorId: final.id };
    const done = row.done + page.length;
    return this.database.$transaction(async (tx) => {
      const data = { ...cursor, done, result: json(count.result()), updatedAt: this.clock.now() };
      const { count: kept } = await tx.policyBacktest.updateMany({
        where: { id: row.id, state: 'running', done: row.done, cursorId: row.cursorId },
        data,
      });
      if (!kept) return null;
      if (pause)
        await promiseJob(tx, { job: 'policy.backtest', payload: { id: row.id }, dedupeKey: `${row.id}-${done}` });
      if (ended) await this.end(tx, row.id, 'done', null);
      return tx.policyBacktest.findUnique({ where: { id: row.id } });
    });
  }

  private async end(database: Database | Transaction, id: string, state: 'done' | 'failed', error: string | null) {
    const completedAt = this.clock.now();
    await database.policyBacktest.updateMany({
      where: { id, state: 'running' },
      data: { state, error, completedAt, updatedAt: completedAt },
    });
  }
}

function empty(): PolicyVersionError {
  const message = 'No clip was asked for in this period. Choose another one.';
  return new PolicyVersionError('invalid', 'backtest_empty', message, { param: 'from' });
}

function running(): PolicyVersionError {
  const message = 'A back-test of this version is running. Wait for it to end.';
  return new PolicyVersionError('conflict', 'backtest_running', message);
}
