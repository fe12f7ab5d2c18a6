import { newId, sleep, type Clock } from '#kernel';
import type { PolicyVersionView, StaffRole } from '#contracts';
import { PolicyBacktests, PolicyPublishing, PolicyShadows, PolicyVersions } from '#domain/policies';
import type { StaffCaller } from '#platform/auth';
import { GateHarness } from './gate.js';

/** Within this, every process follows what is live. */
export const FOLLOWED_MS = 110;

/** Part of a policy's text, and what stands there instead. */
export type Change = [string | RegExp, string];

/** Refuses at a lower score; nothing about children. */
export const STRICTER: Change = ['adult: { hold: 0.5, refuse: 0.75 }', 'adult: { hold: 0.5, refuse: 0.7 }'];

/** Another threshold of the stages in what concerns children. */
export const children = (adult: number, teen = 0.2): Change => [
  /child_safety: \{ adult: 0\.[0-3]\d*, teen: [\d.]+ \}/g,
  `child_safety: { adult: ${adult}, teen: ${teen} }`,
];

/** Somebody who is staff, as the services see them. */
export function person(...roles: StaffRole[]): StaffCaller {
  const id = newId('stf');
  return { id, name: id, roles, queues: null, categories: null, tenants: null, sessionId: 'ses', locale: 'en' };
}

/** An error with this code. */
export const code = (value: string): Record<string, unknown> => ({ code: value });

/** A gate, versions of its policy, and people who write, approve and publish them. */
export class PolicyDesk {
  readonly clock: Clock & { ahead: number } = { ahead: 0, now: () => new Date(Date.now() + this.clock.ahead) };
  readonly author = person('policy');
  readonly first = person('policy');
  readonly second = person('senior');
  readonly versions: PolicyVersions;
  readonly publishing: PolicyPublishing;
  readonly backtests: PolicyBacktests;
  readonly shadows: PolicyShadows;
  private number = 0;

  private constructor(readonly gate: GateHarness) {
    const { database } = gate.core;
    this.versions = new PolicyVersions(database, this.clock, 'database');
    this.publishing = new PolicyPublishing(database, this.clock, 'database');
    this.backtests = new PolicyBacktests(database, this.clock);
    this.shadows = new PolicyShadows(database, this.clock);
  }

  static async open(): Promise<PolicyDesk> {
    return new PolicyDesk(await GateHarness.open());
  }

  get database() {
    return this.gate.core.database;
  }

  /** The live policy under a new number, with changes. */
  async changed(...changes: Change[]): Promise<string> {
    const live = await this.database.policyRevision.findFirstOrThrow({ where: { state: 'live' } });
    let text = live.yaml.replace(/^version: .*$/m, `version: 2.0.${++this.number}`);
    for (const [from, to] of changes) {
      const next = text.replaceAll(from, to);
      if (next === text) throw new Error(`the policy has no ${String(from)}`);
      text = next;
    }
    return text;
  }

  async draft(yaml?: string): Promise<PolicyVersionView> {
    return this.versions.draft(this.author, { yaml: yaml ?? (await this.changed()), note: 'A change for a test' });
  }

  async approved(yaml?: string): Promise<PolicyVersionView> {
    const made = await this.draft(yaml);
    await this.versions.approve(this.first, made.id, { sha256: made.sha256, note: '' });
    return this.versions.approve(this.second, made.id, { sha256: made.sha256, note: '' });
  }

  /** Published, and followed by every process. */
  async published(yaml?: string): Promise<PolicyVersionView> {
    const { id } = await this.approved(yaml);
    await this.publishing.publish(this.author, id, {});
    await sleep(FOLLOWED_MS);
    return this.versions.get(this.author, id);
  }
}
