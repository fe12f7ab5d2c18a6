import { readFile } from 'node:fs/promises';
import type { Audience, Signal, Stage } from '#contracts';
import { decide, loadPolicy, type Policy } from '#engines/policy';
import type { Clip, Database } from '#platform/database';
import type { Metrics } from '#platform/telemetry';
import { readDecisions, type DecisionRecord } from './records.js';

/** The policy in force. Its text is kept, so that every decision can be taken again later. */
export class Policies {
  private constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
    /** The version that decides now. */
    readonly current: Policy,
  ) {}

  /** Loads the document and files its text. @throws PolicyError naming the fault in the document */
  static async open(database: Database, metrics: Metrics, path: string): Promise<Policies> {
    const yaml = await readFile(path, 'utf8');
    const policy = loadPolicy(yaml);
    const { id, version, sha256 } = policy.ref;
    await database.policyVersion.createMany({ data: [{ sha256, policyId: id, version, yaml }], skipDuplicates: true });
    return new Policies(database, metrics, policy);
  }

  /**
   * Decides and counts. The record holds all that is needed to decide again.
   * @param asked of a finished clip: what was found in the words that asked for it
   */
  decide(stage: Stage, audience: Audience, signals: Signal[], now: Date, asked: Signal[] = []): DecisionRecord {
    const decision = decide(this.current, { stage, audience, signals, asked });
    this.metrics.decision(stage, decision.outcome, decision.categories);
    for (const signal of signals) if (signal.state === 'unable') this.metrics.detectorError(signal.detector);
    return { at: now.toISOString(), decision, signals, ...(asked.length && { asked }) };
  }

  /**
   * Takes every decision about a clip again, with the policy text and the signals of then (invariant 5).
   * @returns the stored and the repeated decisions, in order
   */
  async replay(clip: Clip): Promise<{ stored: DecisionRecord['decision']; repeated: DecisionRecord['decision'] }[]> {
    return Promise.all(
      readDecisions(clip.decisions).map(async ({ decision, signals, asked }) => {
        const version = await this.database.policyVersion.findUniqueOrThrow({
          where: { sha256: decision.policy.sha256 },
        });
        const { stage, audience } = decision;
        const input = { stage, audience, signals, ...(asked && { asked }) };
        return { stored: decision, repeated: decide(loadPolicy(version.yaml), input) };
      }),
    );
  }
}
