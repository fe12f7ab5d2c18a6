import type { Clock } from '#kernel';
import { Inspection, type CaseKind, type CaseLimits, type Category, type StatementSource } from '#contracts';
import { rememberFingerprint } from '#domain/hash-banks';
import {
  readDecisions,
  writeStatement,
  type Clips,
  type HeldClips,
  type Policies,
  type SafetyDesk,
} from '#domain/gate';
import { json, type Clip, type Database, type Transaction } from '#platform/database';

/** What readers agreed on about a clip. */
export interface Settlement {
  caseId: string;
  kind: CaseKind;
  clip: Clip;
  outcome: 'release' | 'release_limited' | 'refuse';
  category: Category;
  reason: string;
  limits: CaseLimits | null;
  /** `staff:<id>` or `key:<id>` of the last reader. */
  by: string;
  /** Everybody who read it. */
  readers: readonly string[];
  /** Id that the room gave with the case. */
  reference: string | null;
}

/**
 * Does what a settled case of its kind means, in one transaction of its own, in which it calls `close`, after locking the clip if it
 * moves it. What it throws leaves the decision pending, to be tried again.
 */
export type Settler = (settlement: Settlement, close: (tx: Transaction) => Promise<void>) => Promise<void>;

/** What settling stands on. */
export interface SettlingParts {
  database: Database;
  held: Pick<HeldClips, 'decide'>;
  clips: Pick<Clips, 'withdraw'>;
  policies: Pick<Policies, 'of'>;
  safety: Pick<SafetyDesk, 'found'>;
  clock: Clock;
}

/** Held clips go on or end; released ones stay, get limits, or are withdrawn with a statement of reasons. */
export function usualSettlers(parts: SettlingParts): Record<CaseKind, Settler> {
  const { database, held } = parts;
  return {
    hold: async (settlement, close) => {
      const { clip, by, readers } = settlement;
      await held.decide(clip.tenantId, clip.id, settlement, by, { readers, within: close });
    },
    sample: releasedSettler(parts),
    report: releasedSettler(parts),
    // What an appeal changes is the business of the room that opened it.
    appeal: (_, close) => database.$transaction(close),
  };
}

/**
 * Released clips stay, get limits, or are withdrawn.
 * @param source what led to the case; people's own initiative by default
 */
export function releasedSettler(
  { database, clips, policies, safety, clock }: Omit<SettlingParts, 'held'>,
  source: (settlement: Settlement) => Promise<StatementSource> = () => Promise.resolve('review'),
): Settler {
  return async (settlement, close) => {
    const { clip, outcome, category, reason, by, limits } = settlement;
    const last = readDecisions(clip.decisions).at(-1)!.decision;
    const policy = await policies.of(last);
    const stated = { reviewedAs: category, source: await source(settlement), now: clock.now() };
    if (outcome === 'refuse' && clip.state === 'released') {
      await clips.withdraw(clip.tenantId, clip.id, { reason: 'policy' }, by, async (tx) => {
        await close(tx);
        const { id } = await writeStatement(tx, clip, policy, last, { ...stated, measure: 'withdraw' });
        await tx.clip.update({ where: { id: clip.id }, data: { statementId: id } });
        // It cannot be put up again.
        if (clip.inspection)
          await rememberFingerprint(tx, 'reupload', clip, Inspection.parse(clip.inspection).fingerprint);
        // Last: from here on its row names neither files nor words.
        const ended = await tx.clip.findUniqueOrThrow({ where: { id: clip.id } });
        await safety.found(tx, ended, { category, reason, by });
      });
      return;
    }
    await database.$transaction(async (tx) => {
      await close(tx);
      if (outcome !== 'release_limited') return;
      const out = { id: clip.id, state: 'released' as const };
      const { count } = await tx.clip.updateMany({ where: out, data: { limits: json(limits) } });
      if (!count) return;
      const more = { ...stated, measure: 'limit' as const, limits };
      const { id } = await writeStatement(tx, clip, policy, last, more);
      await tx.clip.update({ where: { id: clip.id }, data: { statementId: id } });
    });
  };
}
