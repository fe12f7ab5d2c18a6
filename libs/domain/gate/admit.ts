import { newId, newReleaseId, shownMessage, type Clock } from '#kernel';
import {
  CaseLimits,
  LONGEST_CLIP_S,
  type Audience,
  type CreateVideo,
  type Derivation,
  type ReferenceFaces,
  type Signal,
} from '#contracts';
import { classifyText, textSignals, unableTextSignals, type TextModel } from '#engines/text';
import { QuotaError, spendCredits, type Caller, type RateLimits } from '#platform/auth';
import { json, type Clip, type Database, type Prisma, type Transaction } from '#platform/database';
import type { Metrics } from '#platform/telemetry';
import type { AccessRules, Standing } from './access.js';
import { clipNotFound, ClipError, PromptRefusedError } from './errors.js';
import { LikenessChangedError, type LikenessAnswer, type LikenessGate } from './likeness.js';
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
  /** The tenant's name for the person who asks; the body's `user` must not be another. */
  maker?: string;
  correlationId?: string;
  /** A reference image that was screened already. */
  reference?: { sha256: string; signals: Signal[]; faces: ReferenceFaces };
  /** Signals that a rehearsal adds; they can only make the gate stricter. */
  injected?: Signal[];
  /** The released clip that is to be remade. */
  parent?: Clip;
  /** How it is to be remade; a remix when absent. */
  derivation?: Derivation;
}

/** Whether an account may have clips made: suspended and banned ones may not. */
export interface AccountStanding {
  /** @throws AppError `account_suspended`, `account_banned` */
  assertOpen(makerId: string): Promise<void>;
}

/** A request for a clip. Of an extension, `seconds` is what is added. */
export type ClipRequest = Omit<CreateVideo, 'seconds'> & { seconds?: string };

/** A clip about to be filed. */
type FiledRow = Omit<Prisma.ClipUncheckedCreateInput, 'state'>;

/** What was decided on a request, and whose likeness it may use. */
interface Judged {
  likeness: LikenessAnswer;
  decided: DecisionRecord;
}

const DEFAULTS = { seconds: '4', size: '720x1280' } as const;

/** Most characters of a chain of remixes: as far as the text engine reads. */
const CHAIN_MAX = 32_000;

/** What admission asks besides the database. */
export interface AdmissionServices {
  clock: Clock;
  metrics: Metrics;
  textModel: () => TextModel;
  limits: RateLimits;
  accounts: AccountStanding;
  /** Whose likeness is asked for, and whether they agreed. */
  likeness: LikenessGate;
}

/** Times that a request is judged anew because a person changed what they allow while it was filed. */
const LIKENESS_TRIES = 3;

/** The first step of the gate: who asks, and what is asked. */
export class Admission {
  constructor(
    private readonly database: Database,
    private readonly moves: GateMoves,
    private readonly policies: Policies,
    private readonly access: AccessRules,
    private readonly engines: EngineCatalog,
    private readonly services: AdmissionServices,
  ) {}

  /**
   * Decides on a request and files it as a clip: queued when allowed, held when doubtful.
   * @throws PromptRefusedError when the policy refuses it; the refusal is on record by then
   * @throws QuotaError when the maker is too young or nothing is left; AppError for an unknown model or character
   */
  async admit(request: ClipRequest, context: AdmitContext): Promise<Clip> {
    const id = context.id ?? newId('video');
    const earlier = await this.database.clip.findUnique({ where: { id } });
    if (earlier) return this.answerAgain(earlier, context.caller.tenantId);
    const arrived = performance.now();
    const { model, engine, derives } = this.engines.resolve(request.model ?? context.parent?.model);
    const derivation = context.parent ? (context.derivation ?? 'remix') : null;
    if (derivation && derivation !== 'remix' && !derives.includes(derivation)) throw cannotDerive(derivation, engine);
    assertMayDerive(context.parent);
    const seconds = lengthOf(request, context);
    const words = effectivePrompt(request.prompt, context.parent);
    const standing = await this.standing(request, context);
    const { makerId, audience } = standing;
    const read = this.read(words);
    const judge = async () => {
      const likeness = await this.services.likeness.ask({
        ...{ tenantId: context.caller.tenantId, makerId, words, signals: read },
        characters: (request.characters ?? []).map((one) => one.id),
        reference: context.reference?.faces ?? null,
        parentId: context.parent?.id ?? null,
      });
      return { likeness, decided: await this.decide(id, [...read, ...likeness.signals], audience, context) };
    };
    const first = await judge();
    this.services.metrics.promptDecision((performance.now() - arrived) / 1000);
    const row = {
      id,
      tenantId: context.caller.tenantId,
      makerId,
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
      characters: [...new Set((request.characters ?? []).map((one) => one.id))],
      releaseId: newReleaseId(),
      injected: json(context.injected ?? []),
      correlationId: context.correlationId ?? null,
    };
    try {
      return await this.fileJudged(row, { seconds: seconds.made, standing, first, judge }, context);
    } catch (e) {
      // The same request at the same moment was filed first: its clip is the answer.
      const twin = isTaken(e) ? await this.database.clip.findUnique({ where: { id } }) : null;
      if (twin) return this.answerAgain(twin, context.caller.tenantId);
      await this.access.tell(standing, e);
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

  /** Files what was judged; judges again when a person changed what they allow meanwhile. */
  private async fileJudged(
    row: FiledRow,
    { first, judge, ...rest }: { seconds: number; standing: Standing; first: Judged; judge: () => Promise<Judged> },
    context: AdmitContext,
  ): Promise<Clip> {
    let judged = first;
    for (let tries = 1; ; tries++) {
      try {
        return await this.file({ ...row, decisions: json([judged.decided]) }, { ...rest, judged }, context);
      } catch (e) {
        if (!(e instanceof LikenessChangedError) || tries === LIKENESS_TRIES) throw e;
        judged = await judge();
      }
    }
  }

  private async file(
    row: FiledRow,
    { seconds, standing, judged }: { seconds: number; standing: Standing; judged: Judged },
    context: AdmitContext,
  ): Promise<Clip> {
    const { likeness, decided } = judged;
    const { decision } = decided;
    if (decision.outcome !== 'refuse') {
      if (likeness.uses.length > 0) await this.access.allowCameo(standing);
      await this.access.allowWords(standing, decided.signals);
    }
    const actor = `key:${context.caller.keyId}`;
    const facts = { outcome: decision.outcome, categories: decision.categories, policy: decision.policy };
    const policy = await this.policies.of(decision);
    const { clip, refusal } = await this.database.$transaction(async (tx) => {
      if (decision.outcome === 'refuse') {
        const now = this.services.clock.now();
        const statement = await writeStatement(tx, row, policy, decision, { now });
        const data = {
          ...row,
          state: 'refused' as const,
          heldAt: 'prompt',
          statementId: statement.id,
          completedAt: now,
        };
        return { clip: await this.moves.create(tx, data, actor, facts), refusal: statement };
      }
      await this.assertRoom(tx, context.caller);
      await this.access.take(tx, standing, seconds);
      await spendCredits(tx, {
        id: row.id,
        tenantId: row.tenantId,
        makerId: row.makerId ?? null,
        seconds,
      });
      const held = decision.outcome === 'hold';
      const data = { ...row, state: held ? ('held' as const) : ('queued' as const), heldAt: held ? 'prompt' : null };
      await this.services.likeness.record(tx, row, likeness.uses);
      return { clip: await this.moves.create(tx, data, actor, facts), refusal: null };
    });
    if (refusal) throw new PromptRefusedError(refusal.text.en, clip.id, decision.categories, refusal.id);
    return clip;
  }

  /** Decides on words, persons and reference pictures without filing anything. */
  private decide(
    clipId: string,
    found: readonly Signal[],
    audience: Audience,
    context: AdmitContext,
  ): Promise<DecisionRecord> {
    const signals = [...found, ...(context.reference?.signals ?? [])];
    return this.policies.decide('prompt', audience, signals, this.services.clock.now(), { clipId });
  }

  /** What the text engine says. Never throws for what the text holds. */
  private read(prompt: string): Signal[] {
    try {
      const model = this.services.textModel();
      return textSignals(classifyText(model, prompt, { kind: 'video_prompt' }), 'prompt', model.ref);
    } catch (e) {
      // Fail closed: the policy holds what could not be read.
      return unableTextSignals(shownMessage(e));
    }
  }

  private async standing(request: ClipRequest, { caller, maker, parent }: AdmitContext): Promise<Standing> {
    if (request.user !== undefined && maker !== undefined && request.user !== maker) {
      const message = 'The body names another user than the header. Send one of them, or the same in both.';
      throw new ClipError('invalid', 'maker_conflict', message, { param: 'user' });
    }
    const name = request.user ?? maker;
    if (name) await this.services.limits.take(`maker:${caller.tenantId}:${name}`, caller.makerRatePerMinute);
    const cameo = (request.characters?.length ?? 0) > 0;
    const standing = await this.access.check({ tenantId: caller.tenantId, maker: name, parent, cameo });
    if (standing.makerId) await this.services.accounts.assertOpen(standing.makerId);
    return standing;
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

/** @throws ClipError `remix_not_allowed` when a reviewer released the clip on condition that nobody remakes it */
function assertMayDerive(parent: Pick<Clip, 'limits'> | undefined): void {
  if (!parent?.limits || !CaseLimits.parse(parent.limits).no_remix) return;
  const message = 'This video was released on condition that nobody remixes, edits or extends it.';
  throw new ClipError('forbidden', 'remix_not_allowed', message, { param: 'video_id' });
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
