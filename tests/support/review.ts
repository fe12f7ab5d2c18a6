import { newId, type Clock } from '#kernel';
import type { Category, DecideCase, Signal, StaffRole } from '#contracts';
import { CaseDesk } from '#domain/child-safety';
import { Clips, EvidenceStills, GateMoves, HeldClips } from '#domain/gate';
import { watchForGuardians } from '#domain/guardianship';
import { openNotices, type Notices } from '#domain/notices';
import { Cases, openDesk, type Desk, type DeskOptions } from '#domain/review';
import type { StaffCaller } from '#platform/auth';
import type { Clip, ReviewCaseRow } from '#platform/database';
import { GateHarness } from './gate.js';

/** A member of staff who is signed in. */
export function staff(name: string, roles: StaffRole[] = ['reviewer'], limits: Partial<StaffCaller> = {}): StaffCaller {
  return {
    id: `stf_${name}`,
    name,
    roles,
    queues: null,
    categories: null,
    tenants: null,
    sessionId: 's',
    locale: 'en',
    ...limits,
  };
}

/** A finding in a reference picture: enough to hold a prompt, or to refuse it. */
export function finding(category: Category, score: number): Signal {
  return {
    ...{ detector: 'vision.nsfw', category, source: 'reference', state: 'measured', score, coverage: 'medium' },
    model: { name: 'test', version: '1' },
  };
}

/** A reference picture that shows something, and nobody. */
export function picture(category: Category, score: number) {
  const faces = { state: 'looked' as const, persons: [], protected: [], strangers: 0, untold: 0 };
  return { sha256: 'a'.repeat(64), signals: [finding(category, score)], faces };
}

/** Human review on a real database, with a clock and chances that a test sets. */
export class ReviewHarness {
  /** Milliseconds by which the clock is ahead. */
  ahead = 0;
  readonly clock: Clock = { now: () => new Date(Date.now() + this.ahead) };
  desk!: Desk;
  /** The desk of another process, whose clock goes otherwise. */
  deskOf!: (clock: Clock) => Desk;
  moves!: GateMoves;
  clips!: Clips;
  notices!: Notices;

  private constructor(readonly gate: GateHarness) {}

  static async open(options: Partial<DeskOptions> = {}): Promise<ReviewHarness> {
    const harness = new ReviewHarness(await GateHarness.open());
    const { core, policies } = harness.gate;
    const { database, blobs, keyring } = core;
    const { clock } = harness;
    const random = () => harness.chance;
    const cases = new Cases(database, clock, policies, random);
    const safety = new CaseDesk(policies, core.subjectKeys, clock);
    harness.moves = new GateMoves(database, clock, safety, watchForGuardians, cases.watch);
    harness.clips = new Clips(database, harness.moves, blobs, clock);
    const { clips, moves } = harness;
    harness.notices = openNotices({
      ...{ database, clock, cases, policies, moves, clips, safety, blobs },
      sealer: keyring.sealer,
    });
    harness.deskOf = (clock) =>
      openDesk({
        ...{ database, clock, cases, policies, random, safety, exposureMinutes: 30, clips: harness.clips },
        held: new HeldClips(database, harness.moves, policies, clock),
        stills: new EvidenceStills(database, blobs),
        settlers: harness.notices.settlers,
        ...options,
      });
    harness.desk = harness.deskOf(clock);
    return harness;
  }

  /** What every chance comes to; 1 is never. */
  get chance(): number {
    return this.gate.chance;
  }

  set chance(chance: number) {
    this.gate.chance = chance;
  }

  get db() {
    return this.gate.core.database;
  }

  /** A clip that is held for what its reference picture shows, and its case. */
  async held(category: Category = 'sexual', score = 0.6, maker?: string): Promise<{ clip: Clip; row: ReviewCaseRow }> {
    const clip = await this.gate.admit({}, { reference: picture(category, score), ...(maker && { maker }) });
    if (clip.state !== 'held') throw new Error(`the clip is ${clip.state}`);
    return { clip, row: await this.caseOf(clip) };
  }

  caseOf(clip: Pick<Clip, 'id'>): Promise<ReviewCaseRow> {
    return this.db.reviewCase.findFirstOrThrow({
      where: { clipId: clip.id, golden: false },
      orderBy: { openedAt: 'desc' },
    });
  }

  row(id: string): Promise<ReviewCaseRow> {
    return this.db.reviewCase.findUniqueOrThrow({ where: { id } });
  }

  /** Takes a case and decides it, without waiting. @returns id of the decision */
  async decide(who: StaffCaller, caseId: string, body: Partial<DecideCase> = {}): Promise<string> {
    const { token } = await this.desk.leases.take(who, caseId);
    const usual = {
      outcome: 'release' as const,
      category: 'sexual' as const,
      reason: 'It is a statue.',
      unblurred_ms: 0,
      watched: [],
    };
    const { decision_id } = await this.desk.decisions.decide(who, caseId, { ...usual, token, ...body });
    return decision_id;
  }

  /** Decides, waits the time to undo, and settles. */
  async settle(who: StaffCaller, caseId: string, body: Partial<DecideCase> = {}): Promise<string> {
    const id = await this.decide(who, caseId, body);
    await this.leave(id);
    return id;
  }

  /** The time to undo a decision is over, and the job runs. */
  async leave(decisionId: string): Promise<boolean> {
    this.ahead += 11_000;
    return this.desk.settling.settle(decisionId);
  }

  /** Clips of the test's engine are all the same bytes: a refused one would refuse every later one. */
  async forgetRefused(): Promise<void> {
    const bank = { kind: 'reupload' };
    await this.db.hashEntry.updateMany({ where: { removedAt: null, bank }, data: { removedAt: new Date() } });
  }

  /** Many open cases of clips that nobody looks at. */
  async many(count: number, queueId = 'que_general'): Promise<void> {
    const tenantId = this.gate.caller.tenantId;
    const prefix = newId('cas');
    const now = this.clock.now();
    await this.db.$executeRaw`
      INSERT INTO review_cases (id, clip_id, shown_as, tenant_id, kind, queue_id, category, severity, asked_at, title, rank, clock,
        opened_at, warn_at, due_at)
      SELECT ${prefix} || n, 'video_' || n, 'video_' || n, ${tenantId}, 'hold', ${queueId},
        (ARRAY['sexual', 'violence', 'hate', 'political'])[1 + n % 4], 1 + n % 5, ${now}, 'A clip ' || n,
        log(2.0, (1 + n % 5)::numeric)::float8 - 4 * (extract(epoch FROM ${now}::timestamptz) * 1000 + n * 1000) / 86400000, '24h',
        ${now}, ${now}::timestamptz + n * interval '0.8 s' + interval '1 hour', ${now}::timestamptz + n * interval '1 s' + interval '1 hour'
      FROM generate_series(1, ${count}::int) n`;
  }

  close(): Promise<void> {
    return this.gate.close();
  }
}
