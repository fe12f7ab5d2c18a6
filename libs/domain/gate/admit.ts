import { newId, newReleaseId, messageOf, type Clock } from '#kernel';
import type { Audience, CreateVideo, Signal } from '#contracts';
import { classifyText, textSignals, unableTextSignals, type TextModel } from '#engines/text';
import { audienceOf, Makers, QuotaError, spendCredits, type Caller } from '#platform/auth';
import { json, type Clip, type Database, type Prisma } from '#platform/database';
import type { Metrics } from '#platform/telemetry';
import { clipNotFound, ClipError, PromptRefusedError } from './errors.js';
import type { GateMoves } from './moves.js';
import type { Policies } from './policies.js';
import type { DecisionRecord } from './records.js';
import { writeStatement } from './statements.js';

/** Which engine serves a model name. */
export interface EngineCatalog {
  /** @throws AppError `model_not_found` (param `model`) */
  resolve(model: string | undefined): { model: string; engine: string };
}

/** What comes with a request besides its body. */
export interface AdmitContext {
  caller: Caller;
  /** The tenant's name for the person who asks; the body's `user` takes precedence. */
  maker?: string;
  correlationId?: string;
  /** A reference image that was screened already. */
  reference?: { sha256: string; signals: Signal[] };
  /** Signals that a rehearsal adds; they can only make the gate stricter. */
  injected?: Signal[];
  /** The released clip that is to be remade. */
  parent?: Clip;
}

const DEFAULTS = { seconds: '4', size: '720x1280' } as const;

/** The first step of the gate: who asks, and what is asked. */
export class Admission {
  constructor(
    private readonly database: Database,
    private readonly moves: GateMoves,
    private readonly policies: Policies,
    private readonly makers: Makers,
    private readonly engines: EngineCatalog,
    private readonly services: { clock: Clock; metrics: Metrics; textModel: () => TextModel },
  ) {}

  /**
   * Decides on a request and files it as a clip: queued when allowed, held when doubtful.
   * @throws PromptRefusedError when the policy refuses it; the refusal is on record by then
   * @throws QuotaError when the maker is too young or nothing is left; AppError for an unknown model
   */
  async admit(request: CreateVideo, context: AdmitContext): Promise<Clip> {
    const arrived = performance.now();
    const { model, engine } = this.engines.resolve(request.model ?? context.parent?.model);
    const { maker, audience } = await this.maker(request.user ?? context.maker, context.caller.tenantId);
    await this.assertRoom(context.caller);
    const decided = this.decide(effectivePrompt(request.prompt, context.parent), audience, context);
    this.services.metrics.promptDecision((performance.now() - arrived) / 1000);
    const id = newId('video');
    const seconds = Number(request.seconds ?? context.parent?.seconds ?? DEFAULTS.seconds);
    const row = {
      id,
      tenantId: context.caller.tenantId,
      makerId: maker?.id ?? null,
      model,
      engine,
      prompt: request.prompt,
      seconds,
      size: request.size ?? context.parent?.size ?? DEFAULTS.size,
      // A remix keeps its parent's seed, so that what was not asked to change stays.
      seed: request.seed ?? context.parent?.seed ?? id,
      audience,
      remixedFrom: context.parent?.id ?? null,
      referenceSha256: context.reference?.sha256 ?? null,
      releaseId: newReleaseId(),
      injected: json(context.injected ?? []),
      decisions: json([decided]),
      correlationId: context.correlationId ?? null,
    };
    return this.file(row, decided, context);
  }

  private async file(
    row: Omit<Prisma.ClipUncheckedCreateInput, 'state'>,
    decided: DecisionRecord,
    context: AdmitContext,
  ): Promise<Clip> {
    const { decision } = decided;
    const actor = `key:${context.caller.keyId}`;
    const facts = { outcome: decision.outcome, categories: decision.categories, policy: decision.policy };
    const { clip, refusal } = await this.database.$transaction(async (tx) => {
      if (decision.outcome === 'refuse') {
        const statement = await writeStatement(tx, row, this.policies.current, decision);
        const data = {
          ...row,
          state: 'refused' as const,
          heldAt: 'prompt',
          statementId: statement.id,
          completedAt: this.services.clock.now(),
        };
        return { clip: await this.moves.create(tx, data, actor, facts), refusal: statement };
      }
      await spendCredits(tx, {
        id: row.id,
        tenantId: row.tenantId,
        makerId: row.makerId ?? null,
        seconds: row.seconds,
      });
      const held = decision.outcome === 'hold';
      const data = { ...row, state: held ? ('held' as const) : ('queued' as const), heldAt: held ? 'prompt' : null };
      return { clip: await this.moves.create(tx, data, actor, facts), refusal: null };
    });
    if (refusal) throw new PromptRefusedError(refusal.text.en, clip.id, decision.categories, refusal.id);
    return clip;
  }

  /** Decides on words and reference pictures without filing anything. Never throws for what the text holds. */
  private decide(prompt: string, audience: Audience, context: AdmitContext): DecisionRecord {
    const signals = [...this.read(prompt), ...(context.reference?.signals ?? [])];
    return this.policies.decide('prompt', audience, signals, this.services.clock.now());
  }

  private read(prompt: string): Signal[] {
    try {
      const model = this.services.textModel();
      return textSignals(classifyText(model, prompt, { kind: 'video_prompt' }), 'prompt', model.ref);
    } catch (e) {
      // Fail closed: the policy holds what could not be read.
      return unableTextSignals(messageOf(e));
    }
  }

  private async maker(name: string | undefined, tenantId: string) {
    if (!name) return { maker: null, audience: 'teen' as const };
    const maker = await this.makers.ensure(tenantId, name);
    return { maker, audience: audienceOf(this.makers.band(maker.birthYear)) };
  }

  private async assertRoom(caller: Caller): Promise<void> {
    const active = await this.database.clip.count({
      where: {
        tenantId: caller.tenantId,
        state: { in: ['queued', 'generating', 'inspecting', 'marking', 'signing', 'rereading'] },
      },
    });
    if (active < caller.maxActiveClips) return;
    throw new QuotaError(
      'invalid',
      'too_many_active_clips',
      `${active} clips are on their way already. Wait for one to finish.`,
    );
  }
}

/** What a remix really asks for: the parent's words with the change, so that the policy reads all of it. */
export function effectivePrompt(prompt: string, parent: Pick<Clip, 'prompt'> | null | undefined): string {
  return parent ? `${parent.prompt}\n${prompt}` : prompt;
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
