import { newId, type Clock } from '#kernel';
import type { CaseKind, Category, ClockKind, QueuePurpose } from '#contracts';
import { RoutingRule } from '#contracts';
import { SEALED_WORDS, type ClipWatcher, type Policies } from '#domain/gate';
import { recordAudit } from '#platform/audit';
import { CHILD_SAFETY } from '#platform/auth';
import { json, type Clip, type Database, type ReviewCaseRow, type Transaction } from '#platform/database';
import { z } from 'zod';
import { clockTimes, rankOf } from './clock.js';
import { tellCase } from './events.js';
import { factsOf, SEVERE, stoppingDecision, titleOf, type CaseFacts } from './facts.js';
import { overtakeCases } from './overtake.js';
import { holdQueue, NO_LEASE } from './rows.js';
import { routeCase, type RoutableQueue, type Routed } from './routing.js';

const REACH_MS = 30 * 24 * 3_600_000;

/** What somebody asks a person to decide. What is left out is read from the clip. */
export interface OpenCase {
  kind: CaseKind;
  clip: Clip;
  category?: Category | null;
  /** 1..5. */
  severity?: number;
  clock?: ClockKind;
  /** Who asks and what they say. */
  statement?: { by: string; text: string };
  /** Id in the caller's own room; handed to its settler. */
  reference?: string;
  /** Readings that are needed; severe ones need two anyway. */
  needs?: 1 | 2;
  /** Staff who may not read it: those who decided what it is about. */
  excluded?: readonly string[];
  /** What all reports of the clip count for together; one each by default. */
  weight?: number;
}

/** The list of rules and the queues as a transaction sees them. */
export async function routingState(tx: Transaction): Promise<{
  version: number;
  rules: RoutingRule[];
  queues: (RoutableQueue & { name: string; secondShare: number; sampleShare: number })[];
}> {
  const latest = await tx.reviewRouting.findFirst({ orderBy: { version: 'desc' } });
  const queues = await tx.reviewQueue.findMany({ where: { closedAt: null }, orderBy: { id: 'asc' } });
  return {
    version: latest?.version ?? 0,
    rules: latest ? z.array(RoutingRule).parse(latest.rules) : [],
    queues: queues.map((queue) => ({ ...queue, purpose: queue.purpose as QueuePurpose })),
  };
}

const CLOCKS: Readonly<Record<Exclude<CaseKind, 'hold'>, ClockKind>> = { report: '48h', appeal: '6mo', sample: '48h' };

/** Opens cases, and follows clips so that no case outlives its reason. Stands below the gate's moves: see {@link ClipWatcher}. */
export class Cases {
  /** @param random 0..1, for shares */
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly policies: Pick<Policies, 'current' | 'of'>,
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * Opens a case in the caller's transaction. A clip has one open case of a kind: another report of it raises the reach of the
   * one that is there.
   * @returns id of the case
   */
  async open(tx: Transaction, asked: OpenCase): Promise<string> {
    const { clip, kind } = asked;
    // Two who open the same at once: the second finds what the first made.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`case:${kind}:${clip.id}`}, 0))`;
    const there = await tx.reviewCase.findFirst({
      where: { clipId: clip.id, kind, golden: false, state: { not: 'closed' } },
    });
    if (there) return this.again(tx, there, asked);
    return this.file(tx, asked);
  }

  private async file(tx: Transaction, asked: OpenCase): Promise<string> {
    const { clip, kind } = asked;
    const now = this.clock.now();
    const facts = await this.factsOf(tx, clip);
    const category = asked.category === undefined ? facts.category : asked.category;
    const severity = asked.severity ?? (asked.category ? this.severityOf(asked.category) : facts.severity);
    const child = category !== null && CHILD_SAFETY.includes(category);
    const severe =
      child || (asked.category === undefined && asked.severity === undefined ? facts.severe : severity >= SEVERE);
    const { language, doubt } = facts;
    const queue = await this.routed(tx, { kind, category, language, tenantId: clip.tenantId, severity });
    const queueId = queue.id;
    const clock = asked.clock ?? (kind === 'hold' ? (severe ? '1h' : '24h') : CLOCKS[kind]);
    const times = clockTimes(clock, now);
    const reach = await this.reachOf(tx, clip, now, asked.weight ?? (kind === 'report' ? 1 : 0));
    const row = await tx.reviewCase.create({
      data: {
        id: newId('cas', now.getTime()),
        clipId: clip.id,
        shownAs: clip.id,
        tenantId: clip.tenantId,
        kind,
        queueId,
        category,
        severity,
        language,
        heldAt: clip.heldAt,
        askedAt: clip.createdAt,
        title: titleOf(clip.prompt),
        seconds: clip.inspection ? clip.seconds : null,
        needs: severe || asked.needs === 2 || this.random() < queue.secondShare ? 2 : 1,
        fresh: kind === 'appeal' || kind === 'sample',
        reach,
        doubt,
        rank: rankOf({ severity, reach, doubt }, clock, times.dueAt),
        clock,
        openedAt: now,
        ...times,
        reports: kind === 'report' ? 1 : 0,
        ...(asked.statement && { statement: json(asked.statement) }),
        reference: asked.reference ?? null,
        excluded: [...(asked.excluded ?? [])],
      },
    });
    const data = { kind, clip: clip.id, queue: queueId, category, severity, clock };
    await recordAudit(tx, { tenantId: clip.tenantId, actor: 'review', action: 'case.opened', subject: row.id, data });
    await tellCase(tx, row);
    return row.id;
  }

  /** The queue of a case, kept from being closed until the case is in it. */
  private async routed(tx: Transaction, one: Routed) {
    for (;;) {
      const { rules, queues } = await routingState(tx);
      const { queueId } = routeCase(rules, queues, one);
      if (await holdQueue(tx, queueId)) return queues.find(({ id }) => id === queueId)!;
    }
  }

  private async again(tx: Transaction, row: ReviewCaseRow, asked: OpenCase): Promise<string> {
    if (asked.kind !== 'report') return row.id;
    const reports = row.reports + 1;
    const reach = await this.reachOf(tx, asked.clip, this.clock.now(), asked.weight ?? reports);
    const worst = Math.max(row.severity, asked.category ? this.severityOf(asked.category) : 0);
    const rank = rankOf({ ...row, severity: worst, reach }, row.clock as ClockKind, row.dueAt);
    const graver = await this.graver(tx, row, asked);
    const moved = await tx.reviewCase.update({ where: { id: row.id }, data: { reports, reach, rank, ...graver } });
    await tellCase(tx, row);
    if (moved.queueId !== row.queueId) await tellCase(tx, moved);
    return row.id;
  }

  /** A report that says worse than the case so far: the case is filed under that, and whoever holds it may not be its reader. */
  private async graver(tx: Transaction, row: ReviewCaseRow, { category, clip }: OpenCase) {
    if (!category || this.severityOf(category) <= row.severity) return {};
    const severity = this.severityOf(category);
    const { language } = row;
    const one = { kind: row.kind as CaseKind, category, language, tenantId: clip.tenantId, severity };
    const queueId = (await this.routed(tx, one)).id;
    const needs = severity >= SEVERE || CHILD_SAFETY.includes(category) ? 2 : row.needs;
    return { category, severity, needs, queueId, ...(queueId !== row.queueId && NO_LEASE) };
  }

  /** What the text that decided says, and the one that is in force: whichever finds a child in it counts. */
  private async factsOf(tx: Transaction, clip: Clip): Promise<CaseFacts> {
    const decision = stoppingDecision(clip, clip.heldAt);
    return factsOf(clip, [this.policies.current, ...(decision ? [await this.policies.of(decision, tx)] : [])]);
  }

  /** For the order of cases; who has to read one is asked again when it is settled. */
  private severityOf(category: Category): number {
    return this.policies.current.taxonomy[category].severity;
  }

  private async reachOf(tx: Transaction, clip: Clip, now: Date, reports: number): Promise<number> {
    const since = new Date(now.getTime() - REACH_MS);
    const released = clip.makerId
      ? await tx.clip.count({ where: { makerId: clip.makerId, state: 'released', createdAt: { gt: since } } })
      : 0;
    return 1 + Math.log10(1 + released) + Math.log2(1 + reports);
  }

  /** For the gate: in the transaction of every move. */
  readonly watch: ClipWatcher = (tx, clip, now, from) => this.moved(tx, clip, from, now);

  private async moved(tx: Transaction, clip: Clip, from: Clip['state'] | null, now: Date): Promise<void> {
    const gone = clip.state === 'deleted' || clip.state === 'withdrawn';
    if (clip.sealedAt) await this.sealed(tx, clip);
    if (from === 'held' && clip.state !== 'held') await overtakeCases(tx, clip, ['hold'], now);
    if (gone) {
      await overtakeCases(tx, clip, ['hold', 'sample', 'report'], now);
      await tx.reviewGolden.updateMany({ where: { clipId: clip.id, retiredAt: null }, data: { retiredAt: now } });
    }
    if (clip.state === 'held') await this.open(tx, { kind: 'hold', clip });
    if (clip.state === 'released') await this.sample(tx, clip);
  }

  /** Of a clip that was taken under seal no word stays in the lists of cases, and it is nobody's golden item any more. */
  async sealed(tx: Transaction, clip: Clip): Promise<void> {
    const now = this.clock.now();
    await tx.reviewCase.updateMany({ where: { clipId: clip.id }, data: { title: SEALED_WORDS } });
    await overtakeCases(tx, clip, [], now);
    await tx.reviewGolden.updateMany({ where: { clipId: clip.id, retiredAt: null }, data: { retiredAt: now } });
  }

  private async sample(tx: Transaction, clip: Clip): Promise<void> {
    const own = await tx.reviewSampling.findUnique({ where: { tenantId: clip.tenantId } });
    const share = own?.share ?? (await this.sampleShare(tx, clip));
    if (share > 0 && this.random() < share) await this.open(tx, { kind: 'sample', clip, category: null, severity: 1 });
  }

  private async sampleShare(tx: Transaction, clip: Clip): Promise<number> {
    const state = await routingState(tx);
    const { language } = await this.factsOf(tx, clip);
    const one = { kind: 'sample' as const, category: null, language, tenantId: clip.tenantId, severity: 1 };
    const { queueId } = routeCase(state.rules, state.queues, one);
    return state.queues.find(({ id }) => id === queueId)!.sampleShare;
  }

  /** Opens cases for held clips that have none: those of before there were cases. @returns how many */
  async openMissing(most = 500): Promise<number> {
    const ids = await this.database.$queryRaw<{ id: string }[]>`
      SELECT k.id FROM clips k WHERE k.state = 'held' AND NOT EXISTS (
        SELECT 1 FROM review_cases c WHERE c.clip_id = k.id AND c.kind = 'hold' AND NOT c.golden AND c.state <> 'closed')
      ORDER BY k.updated_at LIMIT ${most}`;
    for (const { id } of ids) {
      await this.database.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT 1 FROM clips WHERE id = ${id} FOR UPDATE`;
        const clip = await tx.clip.findUniqueOrThrow({ where: { id } });
        if (clip.state === 'held') await this.open(tx, { kind: 'hold', clip });
      });
    }
    return ids.length;
  }
}
