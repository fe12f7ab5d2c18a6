import type { Audience, Signal, Stage } from '#contracts';
import { decide, loadPolicy, type Policy } from '#engines/policy';
import type { Clip, Database, Transaction } from '#platform/database';
import type { Metrics } from '#platform/telemetry';
import { readDecisions, type DecisionRecord } from './records.js';

/** What decides at this moment. */
export interface PoliciesNow {
  live: Policy;
  /** Decides beside it, without acting. */
  shadow: Policy | null;
}

/** A decision that a shadow version took, or could not take, beside the live one. */
export interface ShadowDecision {
  clipId: string;
  /** SHA-256 of the shadow's text. */
  shadow: string;
  live: DecisionRecord['decision'];
  /** Null when the shadow threw. */
  would: DecisionRecord['decision'] | null;
  at: Date;
}

/** Where the policy comes from. Implemented by `#domain/policies`. */
export interface PolicySource {
  /** The policy that was in force when this process last looked. */
  readonly known: Policy;
  /** What is in force now; asked at every decision, so it has to be cheap. */
  now(): Promise<PoliciesNow>;
  /** Keeps what a shadow decided. Returns at once and never throws: it must not be felt. */
  note(decision: ShadowDecision): void;
}

/** Details of a decision. */
export interface DecideOptions {
  /** Of a finished clip: what was found in the words that asked for it. */
  asked?: Signal[];
  /** The clip that it is about; without it no shadow version is asked. */
  clipId?: string;
}

/** The policy in force. Its text is kept, so that every decision can be taken again later. */
export class Policies {
  private readonly texts = new Map<string, Policy>();

  constructor(
    private readonly database: Database,
    private readonly metrics: Pick<Metrics, 'decision' | 'detectorError'>,
    private readonly source: PolicySource,
  ) {}

  /** The version that decided last in this process: for showing. What acts asks {@link now}. */
  get current(): Policy {
    return this.source.known;
  }

  /** The version that decides now. */
  async now(): Promise<Policy> {
    return (await this.source.now()).live;
  }

  /**
   * The very text that a decision was taken with: what words and judges that decision later.
   * @param within a transaction that is open already: two connections for one caller would let many wait for each other
   * @throws when it was never kept
   */
  async of(
    { policy: { sha256 } }: Pick<DecisionRecord['decision'], 'policy'>,
    within: Pick<Transaction, 'policyVersion'> = this.database,
  ): Promise<Policy> {
    const known = this.source.known.ref.sha256 === sha256 ? this.source.known : this.texts.get(sha256);
    if (known) return known;
    const { yaml } = await within.policyVersion.findUniqueOrThrow({ where: { sha256 } });
    const policy = loadPolicy(yaml);
    if (this.texts.size >= MOST_TEXTS) this.texts.clear();
    this.texts.set(sha256, policy);
    return policy;
  }

  /** Decides and counts. The record holds all that is needed to decide again. */
  async decide(
    stage: Stage,
    audience: Audience,
    signals: Signal[],
    now: Date,
    { asked = [], clipId }: DecideOptions = {},
  ): Promise<DecisionRecord> {
    const { live, shadow } = await this.source.now();
    const input = { stage, audience, signals, asked };
    const decision = decide(live, input);
    this.metrics.decision(stage, decision.outcome, decision.categories);
    for (const signal of signals) if (signal.state === 'unable') this.metrics.detectorError(signal.detector);
    if (shadow && clipId) {
      const would = decidedBy(shadow, input);
      this.source.note({ clipId, shadow: shadow.ref.sha256, live: decision, would, at: now });
    }
    return { at: now.toISOString(), decision, signals, ...(asked.length && { asked }) };
  }

  /**
   * Takes every decision about a clip again, with the policy text and the signals of then (invariant 5).
   * @returns the stored and the repeated decisions, in order
   */
  async replay(clip: Clip): Promise<{ stored: DecisionRecord['decision']; repeated: DecisionRecord['decision'] }[]> {
    return Promise.all(
      readDecisions(clip.decisions).map(async ({ decision, signals, asked }) => {
        const { stage, audience } = decision;
        const input = { stage, audience, signals, ...(asked && { asked }) };
        return { stored: decision, repeated: decide(await this.of(decision), input) };
      }),
    );
  }
}

/** Texts of earlier versions that are kept loaded. */
const MOST_TEXTS = 50;

/** What a shadow would decide, or null: whatever is wrong with it, the live decision stands. */
function decidedBy(shadow: Policy, input: Parameters<typeof decide>[1]): DecisionRecord['decision'] | null {
  try {
    return decide(shadow, input);
  } catch {
    return null;
  }
}
