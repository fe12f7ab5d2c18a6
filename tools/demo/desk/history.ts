import { newId } from '#kernel';
import type { CaseOutcome, Category, ClockKind, Signal } from '#contracts';
import { decide, type Policy } from '#engines/policy';
import { json, type Database, type Prisma } from '#platform/database';
import { chances, oneOf, waited } from './chance.js';

/**
 * How made-up history is told from what happened: it has a tenant, makers and readers of its own, its clips are asked for from
 * `rehearsal` and have no pictures, its measurements end in `.rehearsal`, and no statement, release, audit event or leaf of the log
 * speaks of it.
 */
export const REHEARSAL = {
  tenantId: 'ten_rehearsal',
  tenant: 'Rehearsal (made up by the demo)',
  engine: 'rehearsal',
  reason: 'Rehearsal: made up by the demo.',
  readers: [
    { id: 'stf_rehearsal_a', name: 'Rehearsal A' },
    { id: 'stf_rehearsal_b', name: 'Rehearsal B' },
    { id: 'stf_rehearsal_c', name: 'Rehearsal C' },
  ],
} as const;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Eight weeks, up to an hour before today. */
const DAYS = 56;
const CLOCK_MS: Record<'1h' | '24h', number> = { '1h': HOUR_MS, '24h': DAY_MS };

/** What was asked for, how often it is near the threshold, and how often people refuse it then. */
const KINDS = [
  { category: 'political', severity: 3, from: 'prompt', refused: 0.7 },
  { category: 'violence', severity: 3, from: 'prompt', refused: 0.4 },
  { category: 'copyright', severity: 2, from: 'prompt', refused: 0.6 },
  { category: 'hate', severity: 4, from: 'prompt', refused: 0.65 },
  { category: 'sexual', severity: 3, from: 'clip', refused: 0.55 },
] as const satisfies readonly { category: Category; severity: number; from: 'prompt' | 'clip'; refused: number }[];

/** Rows of one made-up clip, its case and its readings. */
export interface History {
  clips: Prisma.ClipCreateManyInput[];
  cases: Prisma.ReviewCaseCreateManyInput[];
  decisions: Prisma.ReviewDecisionCreateManyInput[];
  golden: Prisma.ReviewGoldenCreateManyInput[];
  goldenCases: Prisma.ReviewGoldenCaseCreateManyInput[];
  makers: Prisma.MakerCreateManyInput[];
}

type Kind = (typeof KINDS)[number];
interface Asked {
  id: string;
  at: Date;
  kind: Kind;
  score: number;
  held: boolean;
}

/** What a made-up detector measured. The required detectors report as synthetic ones, so that none of them seems to have looked. */
function measured(detector: string, category: Category, source: Signal['source'], score: number): Signal {
  return {
    ...{ detector: `${detector}.rehearsal`, category, source, state: 'measured', score, coverage: 'low' },
    model: { name: 'rehearsal', version: '1' },
  };
}

const required = (detector: string, source: Signal['source']): Signal => ({
  ...{ detector, category: 'other', source, state: 'measured', score: 0, coverage: 'none', synthetic: true },
  model: { name: 'rehearsal', version: '1' },
});

function recordsOf(policy: Policy, { at, kind, score, held }: Asked, random: () => number) {
  const low = Math.round(random() * 30) / 100;
  const words = [
    required('text.linear', 'prompt'),
    measured(
      'text.linear',
      kind.from === 'prompt' ? kind.category : 'other',
      'prompt',
      kind.from === 'prompt' ? score : low,
    ),
  ];
  const frames = [
    required('vision.nsfw', 'frames'),
    required('likeness.face', 'face'),
    measured('vision.nsfw', 'sexual', 'frames', kind.from === 'clip' ? score : low / 2),
  ];
  const record = (stage: 'prompt' | 'clip', signals: Signal[]) => ({
    at: at.toISOString(),
    decision: decide(policy, { stage, audience: 'adult', signals }),
    signals,
  });
  const prompt = record('prompt', words);
  return held && kind.from === 'prompt' ? [prompt] : [prompt, record('clip', frames)];
}

/** Makes rows up, one clip after the other. */
class Writer {
  readonly rows: History = { clips: [], cases: [], decisions: [], golden: [], goldenCases: [], makers: [] };
  private readonly random = chances(6);
  private readonly makers: string[];
  private number = 0;

  constructor(
    private readonly policy: Policy,
    private readonly now: Date,
  ) {
    this.rows.makers = [1, 2, 3, 4].map((n) => ({
      id: `mak_rehearsal_${n}`,
      tenantId: REHEARSAL.tenantId,
      externalId: `rehearsal-${n}`,
    }));
    this.makers = this.rows.makers.map(({ id }) => id);
  }

  /** @param age days before today; the later the day, the higher sexual scores: something to see in the charts */
  day(start: Date, age: number): void {
    const busy = [0, 6].includes(start.getUTCDay()) ? 12 : 22;
    const count = busy + Math.floor(this.random() * 6);
    for (let n = 0; n < count; n++) {
      const kind = oneOf(this.random, KINDS);
      const drift = kind.from === 'clip' ? 0.12 * (1 - age / DAYS) : 0;
      const score = Math.round(Math.min(0.74, this.random() ** 1.5 * 0.72 + drift) * 100) / 100;
      const at = new Date(start.getTime() + this.random() * DAY_MS - HOUR_MS);
      this.clip({ id: newId('video', at.getTime()), at, kind, score, held: score >= 0.5 });
    }
  }

  private clip(asked: Asked): void {
    const { id, at, kind, held } = asked;
    const prompt = `Rehearsal ${++this.number} (made up)`;
    this.rows.clips.push({
      ...{ id, tenantId: REHEARSAL.tenantId, makerId: oneOf(this.random, this.makers), state: 'deleted' },
      ...{ model: REHEARSAL.engine, engine: REHEARSAL.engine, prompt, effectivePrompt: prompt, seconds: 4 },
      ...{ size: '1280x720', seed: String(this.number), audience: 'adult', heldAt: held ? kind.from : null },
      releaseId: `5e4ea15a${this.number.toString(16).padStart(8, '0')}`,
      decisions: json(recordsOf(this.policy, asked, this.random)),
      ...{ createdAt: at, updatedAt: at, deletedAt: at },
    });
    if (held) this.case(asked, prompt);
  }

  private case({ id: clipId, at, kind, score }: Asked, title: string): void {
    const { random } = this;
    const severe = kind.severity >= 4;
    const clock: ClockKind & keyof typeof CLOCK_MS = severe ? '1h' : '24h';
    const dueAt = new Date(at.getTime() + CLOCK_MS[clock]);
    const caseId = newId('cas', at.getTime());
    const golden = random() < 0.08;
    const needs = severe || random() < 0.2 ? 2 : 1;
    const refuses = random() < kind.refused + (score - 0.6);
    const outcome: CaseOutcome = refuses ? 'refuse' : random() < 0.2 ? 'release_limited' : 'release';
    const took = waited(random, CLOCK_MS[clock] * 0.27) + 30_000;
    const closedAt = new Date(Math.min(at.getTime() + took, this.now.getTime()));
    this.rows.cases.push({
      ...{ id: caseId, clipId, shownAs: clipId, tenantId: REHEARSAL.tenantId, kind: 'hold', state: 'closed' },
      ...{ stage: needs === 2 ? 'second' : 'first', queueId: severe ? 'que_senior' : 'que_general', golden },
      ...{ category: kind.category, severity: kind.severity, heldAt: kind.from, askedAt: at, title, needs, clock },
      ...{ rank: 0, openedAt: at, warnAt: new Date(at.getTime() + 0.75 * CLOCK_MS[clock]), dueAt, closedAt },
      closedAs: outcome,
    });
    this.readings({ caseId, clipId, category: kind.category, outcome, needs, closedAt });
    if (golden) this.golden({ caseId, clipId, category: kind.category, outcome, at });
  }

  private readings(given: Omit<Reading, 'reader' | 'stage' | 'at'> & { needs: number; closedAt: Date }): void {
    const { needs, closedAt, ...one } = given;
    const [a, b, c] = REHEARSAL.readers;
    const [first, second] = this.random() < 0.5 ? [a, b] : [b, a];
    const before = (minutes: number) => new Date(closedAt.getTime() - minutes * 60_000);
    if (needs === 1) return this.reading({ ...one, reader: first, stage: 'first', at: closedAt });
    const other = one.outcome === 'refuse' ? 'release' : 'refuse';
    const agree = this.random() < 0.85;
    const firstWrong = !agree && this.random() < 0.5;
    const outcome = (wrong: boolean) => (wrong ? other : one.outcome);
    const state = (wrong: boolean) => (wrong ? ('overruled' as const) : ('settled' as const));
    this.reading(
      { ...one, outcome: outcome(firstWrong), reader: first, stage: 'first', at: before(9) },
      state(firstWrong),
    );
    const secondWrong = !agree && !firstWrong;
    this.reading(
      { ...one, outcome: outcome(secondWrong), reader: second, stage: 'second', at: before(4) },
      state(secondWrong),
    );
    if (!agree) this.reading({ ...one, reader: c, stage: 'arbiter', at: closedAt });
  }

  private reading({ reader, at, ...one }: Reading, state: 'settled' | 'overruled' = 'settled'): void {
    this.rows.decisions.push({
      ...{ id: newId('rev', at.getTime()), tenantId: REHEARSAL.tenantId, queueId: 'que_general', ...one, state },
      ...{ reader: reader.id, readerName: reader.name, reason: REHEARSAL.reason, at, leavesAt: at, settledAt: at },
      ...{
        tookMs: Math.round(12_000 + waited(this.random, 35_000)),
        unblurredMs: Math.round(waited(this.random, 2500)),
      },
    });
  }

  /** The golden item that the case is one of, out of use at once: no reader ever gets it. */
  private golden({ caseId, clipId, category, outcome, at }: Omit<Reading, 'reader' | 'stage'>): void {
    const expected = this.random() < 0.9 ? outcome : outcome === 'refuse' ? 'release' : 'refuse';
    const id = newId('gol', at.getTime());
    this.rows.golden.push({
      ...{ id, caseId, clipId, tenantId: REHEARSAL.tenantId, outcome: expected, category, why: REHEARSAL.reason },
      ...{ createdBy: 'demo', createdAt: at, retiredAt: at },
    });
    this.rows.goldenCases.push({ caseId, goldenId: id });
  }
}

interface Reading {
  caseId: string;
  clipId: string;
  category: Category;
  outcome: CaseOutcome;
  reader: { id: string; name: string };
  stage: 'first' | 'second' | 'arbiter';
  at: Date;
}

/** Eight weeks of cases that never were, decided by the policy at hand: the same for the same day. */
export function rehearse(policy: Policy, now: Date): History {
  const writer = new Writer(policy, now);
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  for (let age = DAYS; age >= 1; age--) writer.day(new Date(today - age * DAY_MS), age);
  return writer.rows;
}

/** Writes made-up history, in place of what an earlier run left. */
export async function writeHistory(database: Database, rows: History): Promise<void> {
  await clearHistory(database);
  await database.$transaction(
    async (tx) => {
      await tx.tenant.create({ data: { id: REHEARSAL.tenantId, name: REHEARSAL.tenant, disabledAt: new Date() } });
      await tx.maker.createMany({ data: rows.makers });
      await tx.clip.createMany({ data: rows.clips });
      await tx.reviewCase.createMany({ data: rows.cases });
      await tx.reviewDecision.createMany({ data: rows.decisions });
      await tx.reviewGolden.createMany({ data: rows.golden });
      await tx.reviewGoldenCase.createMany({ data: rows.goldenCases });
    },
    { timeout: 60_000 },
  );
}

/** Takes made-up history away. @returns how many clips it had */
export async function clearHistory(database: Database): Promise<number> {
  const of = { where: { tenantId: REHEARSAL.tenantId } };
  return database.$transaction(
    async (tx) => {
      const golden = await tx.reviewGolden.findMany({ ...of, select: { id: true } });
      await tx.reviewGoldenCase.deleteMany({ where: { goldenId: { in: golden.map(({ id }) => id) } } });
      await tx.reviewGolden.deleteMany(of);
      if (await tx.reviewDecision.count(of)) {
        // Readings are never deleted. These are none: nobody read anything, and no record or log speaks of them.
        await tx.$executeRaw`ALTER TABLE review_decisions DISABLE TRIGGER review_decisions_kept`;
        await tx.reviewDecision.deleteMany(of);
        await tx.$executeRaw`ALTER TABLE review_decisions ENABLE TRIGGER review_decisions_kept`;
      }
      await tx.reviewCase.deleteMany(of);
      const { count } = await tx.clip.deleteMany(of);
      await tx.maker.deleteMany(of);
      await tx.tenant.deleteMany({ where: { id: REHEARSAL.tenantId } });
      return count;
    },
    { timeout: 60_000 },
  );
}
