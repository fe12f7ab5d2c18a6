import { shownMessage, type Clock } from '#kernel';
import { Audience, Signal, type Decision } from '#contracts';
import { quotesSpeech } from '#engines/speech';
import { unableNsfw } from '#engines/vision';
import {
  faultNote,
  quotedSpeech,
  unablePart,
  type Inspected,
  type InspectOptions,
  type Inspector,
} from '#domain/examination';
import { packStills, readDecisions, ReviewRecord, writeStatement, type Move, type Policies } from '#domain/gate';
import { rememberFingerprint } from '#domain/hash-banks';
import { json, type Clip, type Prisma, type Transaction } from '#platform/database';
import { once, type BlobStore } from '#platform/storage';
import type { Metrics } from '#platform/telemetry';
import { z } from 'zod';
import type { FacesCheck, FacesJudged } from './guard.js';
import type { Step } from './step.js';

/** The tenant's and the shared lists of known pictures. */
export interface KnownPictures {
  /** Looks a clip's fingerprint up. @param path of the clip's file, for lists that name whole files */
  lookUp(clip: Clip, path: string): NonNullable<InspectOptions['lookUp']>;
}

/** Looks at the finished clip and decides. */
export class InspectStep implements Step {
  readonly name = 'inspect';
  readonly from = ['inspecting'] as const;

  constructor(
    private readonly blobs: BlobStore,
    private readonly inspector: Pick<Inspector, 'inspect'>,
    private readonly known: KnownPictures,
    private readonly policies: Policies,
    private readonly services: { clock: Clock; metrics: Metrics; faces: FacesCheck },
    private readonly timeoutMs: number,
  ) {}

  async work(clip: Clip): Promise<Move> {
    const file = await this.blobs.localPath(clip.sourceSha256!);
    try {
      const lookUp = this.known.lookUp(clip, file.path);
      const inspected = await this.inspector.inspect(file.path, { timeoutMs: this.timeoutMs, lookUp });
      const stills = inspected.stills.length ? await this.blobs.put(once(packStills(inspected.stills))) : null;
      const { inspection } = inspected;
      this.services.metrics.provider(inspection.provider);
      for (const [part, ms] of Object.entries(inspection.timings))
        this.services.metrics.inspectionPart(part, ms / 1000);
      const patch = {
        inspection: json(inspection),
        priority: inspection.priority,
        stillsSha256: stills?.sha256 ?? null,
      };
      const faces = await this.judgeFaces(clip, inspected);
      const move = await this.decide(clip, [...inspected.signals, ...faces.signals], patch, (tx) =>
        // It cannot be tried again.
        rememberFingerprint(tx, 'reupload', clip, inspection.fingerprint),
      );
      return withWrites(move, faces.within);
    } finally {
      await file.release();
    }
  }

  /** An inspection that could not be made is a finding: `unable`. Whatever the policy says of it, it does not pass. */
  async fail(clip: Clip, error: unknown): Promise<Move> {
    const note = faultNote(error);
    const move = await this.decide(
      clip,
      unableNsfw(note.en).map((signal) => ({ ...signal, note })),
    );
    if (move.to !== 'marking') return move;
    return { ...move, to: 'held', patch: { ...move.patch, heldAt: 'clip' }, note: note.en };
  }

  /** Fails closed: a comparison that could not be made is `unable`. */
  private async judgeFaces(clip: Clip, inspected: Inspected): Promise<FacesJudged> {
    try {
      return await this.services.faces.judge(clip, inspected);
    } catch (e) {
      const what = { category: 'likeness', source: 'face' } as const;
      return { signals: [unablePart('likeness.face', what, shownMessage(e))] };
    }
  }

  private async decide(
    clip: Clip,
    seen: Signal[],
    patch: Prisma.ClipUncheckedUpdateManyInput = {},
    whenRefused?: (tx: Transaction) => Promise<unknown>,
  ): Promise<Move> {
    const signals = [...seen, ...z.array(Signal).parse(clip.injected)];
    const audience = Audience.parse(clip.audience);
    const record = await this.policies.decide('clip', audience, signals, this.services.clock.now(), {
      asked: askedOf(clip),
      clipId: clip.id,
    });
    const { decision } = record;
    const actor = `policy:${decision.policy.id}@${decision.policy.version}`;
    const data = { outcome: decision.outcome, categories: decision.categories, policy: decision.policy };
    const changes = { ...patch, decisions: json([...readDecisions(clip.decisions), record]) };
    if (decision.outcome === 'allow') return { to: 'marking', actor, patch: changes, data };
    if (seenByPerson(clip, decision))
      return { to: 'marking', actor, patch: changes, data, note: 'A person saw all of this and let it go on.' };
    const policy = await this.policies.of(decision);
    const [first] = decision.reasons;
    const note = [first?.text.en, first?.note?.en].filter(Boolean).join(' ');
    const stopped = { actor, note, patch: { ...changes, heldAt: 'clip' }, data };
    if (decision.outcome === 'hold') return { to: 'held', ...stopped };
    return {
      to: 'refused',
      ...stopped,
      within: async (tx) => {
        const now = this.services.clock.now();
        const { id } = await writeStatement(tx, clip, policy, decision, { now });
        await tx.clip.update({ where: { id: clip.id }, data: { statementId: id } });
        if (pictureRefused(decision)) await whenRefused?.(tx);
      },
    };
  }
}

/** The move with further writes of the same fate. */
function withWrites(move: Move, more: FacesJudged['within']): Move {
  if (!more) return move;
  return {
    ...move,
    within: async (tx) => {
      await move.within?.(tx);
      await more(tx);
    },
  };
}

/**
 * True when the pictures themselves are why: their fingerprint is remembered. Words, a rehearsal's injected signals or a
 * likeness to an earlier refusal say nothing that further pictures should be refused for.
 */
function pictureRefused({ reasons }: Decision): boolean {
  return reasons.some(
    ({ outcome, detector, synthetic }) =>
      outcome === 'refuse' && !synthetic && /^(vision|remote|fingerprint\.block)(\.|$)/.test(detector),
  );
}

/**
 * True when a person let the clip go on after all that stops it now had been found: it is looked at again only for its faces,
 * which nobody looked at or which were erased when it was refused. What is new, or stronger, stops it.
 */
function seenByPerson(clip: Clip, { reasons }: Decision): boolean {
  const review = clip.review ? ReviewRecord.parse(clip.review) : null;
  if (!review || review.outcome === 'refuse') return false;
  const known = readDecisions(clip.decisions)
    .filter(({ at, decision }) => decision.stage === 'clip' && at <= review.at)
    .flatMap(({ decision }) => decision.reasons);
  return reasons.every(({ rule, detector, category, score }) =>
    known.some(
      (one) =>
        one.rule === rule &&
        one.detector === detector &&
        one.category === category &&
        (score === null ? one.score === null : one.score !== null && one.score >= score),
    ),
  );
}

/** What was found in the words that asked for a clip: the policy reads it beside what was seen. */
function askedOf(clip: Clip): Signal[] {
  const [first] = readDecisions(clip.decisions).filter(({ decision }) => decision.stage === 'prompt');
  const words = (first?.signals ?? []).filter(({ source }) => source === 'prompt');
  return [...words, quotedSpeech(quotesSpeech(clip.effectivePrompt))];
}
