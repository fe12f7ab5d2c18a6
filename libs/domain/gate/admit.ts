import { newId, newReleaseId, shownMessage, type Clock } from '#kernel';
import { LONGEST_CLIP_S, type Audience, type CreateVideo, type Derivation, type Signal } from '#contracts';
import { classifyText, textSignals, unableTextSignals, type TextModel } from '#engines/text';
import { audienceOf, Makers, QuotaError, spendCredits, type Caller, type RateLimits } from '#platform/auth';
import { json, type Clip, type Database, type Prisma, type Transaction } from '#platform/database';
import type { Metrics } from '#platform/telemetry';
import { clipNotFound, ClipError, PromptRefusedError } from './errors.js';
import { ACTIVE_STATES } from './machine.js';
import type { GateMoves } from './moves.js';
import type { Policies } from './policies.js';
import type { DecisionRecord } from './records.js';
import { writeStatement } from './statements.js';

/** Which engine serves a model name. */
export interface EngineCatalog {
  /** @throws AppError `model_not_found` (param `model`) */
  resolve(model: string | undefined): { model: string; engine: string; derives: readonly Derivation[] };
}

/** What comes with a request besides its body. */
export interface AdmitContext {
  caller: Caller;
  /** Id to file it under; a clip that has it already is the answer. A new one when absent. */
  id?: string;
  /** The tenant's name for the person who asks; the body's `user` takes precedence. */
  maker?: string;
  correlationId?: string;
  /** A reference image that was screened already. */
  reference?: { sha256: string; signals: Signal[] };
  /** Signals that a rehearsal adds; they can only make the gate stricter. */
  injected?: Signal[];
  /** The released clip that is to be remade. */
  parent?: Clip;
  /** How it is to be remade; a remix when absent. */
  derivation?: Derivation;
}

/** A request for a clip. Of an extension, `seconds` is what is added. */
export type ClipRequest = Omit<CreateVideo, 'seconds'> & { seconds?: string };

const DEFAULTS = { seconds: '4', size: '720x1280' } as const;

/** Most characters of a chain of remixes: as far as the text engine reads. */
const CHAIN_MAX = 32_000;

/** The first step of the gate: who asks, and what is asked. */
export class Admission {
  constructor(
    private readonly database: Database,
    private readonly moves: GateMoves,
    private readonly policies: Policies,
    private readonly makers: Makers,
    private readonly engines: EngineCatalog,
    private readonly services: { clock: Clock; metrics: Metrics; textModel: () => TextModel; limits: RateLimits },
  ) {}

  /**
   * Decides on a request and files it as a clip: queued when allowed, held when doubtful.
   * @throws PromptRefusedError when the policy refuses it; the refusal is on record by then
   * @throws QuotaError when the maker is too young or nothing is left; AppError for an unknown model
   */
  async admit(request: ClipRequest, context: AdmitContext): Promise<Clip> {
    const id = context.id ?? newId('video');
    const earlier = await this.database.clip.findUnique({ where: { id } });
    if (earlier) return this.answerAgain(earlier, context.caller.tenantId);
    const arrived = performance.now();
    const { model, engine, derives } = this.engines.resolve(request.model ?? context.parent?.model);
    const derivation = context.parent ? (context.derivation ?? 'remix') : null;
    if (derivation && derivation !== 'remix' && !derives.includes(derivation)) throw cannotDerive(derivation, engine);
    const seconds = lengthOf(request, context);
    const words = effectivePrompt(request.prompt, context.parent);
    const { maker, audience } = await this.maker(request.user ?? context.maker, context.caller);
    const decided = await this.decide(id, words, audience, context);
    this.services.metrics.promptDecision((performance.now() - arrived) / 1000);
    const row = {
      id,
      tenantId: context.caller.tenantId,
      makerId: maker?.id ?? null,
      model,
      engine,
      prompt: request.prompt,
      effectivePrompt: words,
      seconds: seconds.whole,
      size: request.size ?? context.parent?.size ?? DEFAULTS.size,
      // A remix keeps its parent's seed, so that what was not asked to change stays.
      seed: request.seed ?? context.parent?.seed ?? id,
      audience,
      remixedFrom: context.parent?.id ?? null,
      derivation,
      referenceSha256: context.reference?.sha256 ?? null,
      releaseId: newReleaseId(),
      injected: json(context.injected ?? []),
      decisions: json([decided]),
      correlationId: context.correlationId ?? null,
    };
    try {
      return await this.file(row, seconds.made, decided, context);
    } catch (e) {
      // The same request at the same moment was filed first: its clip is the answer.
      const twin = isTaken(e) ? await this.database.clip.findUnique({ where: { id } }) : null;
      if (twin) return this.answerAgain(twin, context.caller.tenantId);
      throw e;
    }
  }

  /** The answer to a request that was filed before. */
  private async answerAgain(clip: Clip, tenantId: string): Promise<Clip> {
    if (clip.tenantId !== tenantId || clip.state === 'deleted') throw clipNotFound(clip.id);
    if (clip.state !== 'refused' || clip.heldAt !== 'prompt' || clip.review || !clip.statementId) return clip;
    const { textEn, categories, id } = await this.database.statement.findUniqueOrThrow({
      where: { id: clip.statementId },
    });
    throw new PromptRefusedError(textEn, clip.id, categories, id);
  }

  private async file(
    row: Omit<Prisma.ClipUncheckedCreateInput, 'state'>,
    seconds: number,
    decided: DecisionRecord,
    context: AdmitContext,
  ): Promise<Clip> {
    const { decision } = decided;
    const actor = `key:${context.caller.keyId}`;
    const facts = { outcome: decision.outcome, categories: decision.categories, policy: decision.policy };
    const policy = await this.policies.of(decision);
    const { clip, refusal } = await this.database.$transaction(async (tx) => {
      if (decision.outcome === 'refuse') {
        const statement = await writeStatement(tx, row, policy, decision);
        const data = {
          ...row,
          state: 'refused' as const,
          heldAt: 'prompt',
          statementId: statement.id,
          completedAt: this.services.clock.now(),
        };
        return { clip: await this.moves.create(tx, data, actor, facts), refusal: statement };
      }
      await this.assertRoom(tx, context.caller);
      await spendCredits(tx, {
        id: row.id,
        tenantId: row.tenantId,
        makerId: row.makerId ?? null,
        seconds,
      });
      const held = decision.outcome === 'hold';
      const data = { ...row, state: held ? ('held' as const) : ('queued' as const), heldAt: held ? 'prompt' : null };
      return { clip: await this.moves.create(tx, data, actor, facts), refusal: null };
    });
    if (refusal) throw new PromptRefusedError(refusal.text.en, clip.id, decision.categories, refusal.id);
    return clip;
  }

  /** Decides on words and reference pictures without filing anything. Never throws for what the text holds. */
  private decide(clipId: string, prompt: string, audience: Audience, context: AdmitContext): Promise<DecisionRecord> {
    const signals = [...this.read(prompt), ...(context.reference?.signals ?? [])];
    return this.policies.decide('prompt', audience, signals, this.services.clock.now(), { clipId });
  }

  private read(prompt: string): Signal[] {
    try {
      const model = this.services.textModel();
      return textSignals(classifyText(model, prompt, { kind: 'video_prompt' }), 'prompt', model.ref);
    } catch (e) {
      // Fail closed: the policy holds what could not be read.
      return unableTextSignals(shownMessage(e));
    }
  }

  private async maker(name: string | undefined, caller: Caller) {
    if (!name) return { maker: null, audience: 'teen' as const };
    const maker = await this.makers.ensure(caller.tenantId, name);
    const audience = audienceOf(this.makers.band(maker.birthYear));
    await this.services.limits.take(`maker:${maker.id}`, caller.makerRatePerMinute);
    return { maker, audience };
  }

  /** Locks the tenant's counter until the transaction ends, so that requests at the same moment cannot all slip in. */
  private async assertRoom(tx: Transaction, caller: Caller): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`active:${caller.tenantId}`}, 0))`;
    const active = await tx.clip.count({ where: { tenantId: caller.tenantId, state: { in: [...ACTIVE_STATES] } } });
    if (active < caller.maxActiveClips) return;
    throw new QuotaError(
      'invalid',
      'too_many_active_clips',
      `${active} clips are on their way already. Wait for one to finish.`,
    );
  }
}

function isTaken(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'P2002'; // Prisma's unique constraint violation
}

/**
 * Seconds of the whole clip, and those that an engine has to make for it.
 * @throws ClipError `extension_too_long`
 */
function lengthOf(request: ClipRequest, { parent, derivation }: AdmitContext): { whole: number; made: number } {
  const made = Number(request.seconds ?? parent?.seconds ?? DEFAULTS.seconds);
  if (!parent || derivation !== 'extension') return { whole: made, made };
  const whole = parent.seconds + made;
  if (whole <= LONGEST_CLIP_S) return { whole, made };
  const message = `The whole clip would have ${whole} seconds; at most ${LONGEST_CLIP_S} are made.`;
  throw new ClipError('invalid', 'extension_too_long', message, { param: 'seconds' });
}

function cannotDerive(derivation: 'edit' | 'extension', engine: string): ClipError {
  const what = derivation === 'edit' ? 'edit' : 'extend';
  const message = `The engine ${engine} cannot ${what} videos. Remix the video, or ask for a new one.`;
  return new ClipError('invalid', `${derivation}_not_supported`, message, { param: 'video' });
}

/**
 * What a remix really asks for: the words of the whole chain with the change, so that the policy reads all of it.
 * @throws ClipError `remix_chain_too_long` when the policy could not read all of it
 */
function effectivePrompt(prompt: string, parent: Pick<Clip, 'effectivePrompt'> | undefined): string {
  const words = parent ? `${parent.effectivePrompt}\n${prompt}` : prompt;
  if (words.length <= CHAIN_MAX) return words;
  throw new ClipError(
    'invalid',
    'remix_chain_too_long',
    'This chain of remixes has become too long. Start with a new prompt.',
    {
      param: 'prompt',
    },
  );
}

/**
 * The parent of an edit or extension, as long as it stands: the new clip holds its pictures.
 * @throws ClipError `parent_not_available` when it was withdrawn or deleted since
 */
export async function unchangedParent(database: Database, clip: Clip): Promise<Clip> {
  const parent = await database.clip.findUnique({ where: { id: clip.remixedFrom ?? '' } });
  if (parent?.state === 'released' && parent.sourceSha256) return parent;
  const message = 'The video that this one is made from was withdrawn or deleted.';
  throw new ClipError('not_found', 'parent_not_available', message, { param: 'video' });
}

/** The released clip that a tenant wants to remake. @throws ClipError when there is none or it is not released */
export async function releasedParent(database: Database, tenantId: string, id: string): Promise<Clip> {
  const parent = await database.clip.findFirst({ where: { id, tenantId, state: { not: 'deleted' } } });
  if (!parent) throw clipNotFound(id);
  if (parent.state === 'released') return parent;
  throw new ClipError(
    'invalid',
    'video_not_completed',
    `The video ${id} is not completed, so it cannot be remade yet.`,
    { param: 'video_id' },
  );
}
