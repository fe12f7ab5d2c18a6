import { messageOf } from '#kernel';
import { loadPolicy, type Policy } from '#engines/policy';
import type { PoliciesNow, PolicySource, ShadowDecision } from '#domain/gate';
import { json, Prisma, type Database } from '#platform/database';
import { PolicyVersionError } from './errors.js';

/** Outcomes of a shadow that are on their way to the table; beyond it they are dropped rather than waited for. */
const MOST_NOTES = 200;
/** Texts that are kept loaded. */
const MOST_LOADED = 20;
/** How long pointers that were read serve further decisions: under load, a read serves many. */
const FRESH_MS = 100;

/** SHA-256 of the texts that the pointers name. */
interface Pointers {
  live: string | undefined;
  shadow: string | undefined;
}

/**
 * The policy that the pointers in the database name. A decision reads them (two rows by primary key) unless they were
 * read in the last tenth of a second, so that every process follows a publication within that; texts are loaded once for
 * each hash. A read that fails is an error of the decision: nothing goes on with what was in force once.
 */
export class PolicyPointers implements PolicySource {
  private readonly loaded = new Map<string, Policy>();
  private readonly unusable = new Set<string>();
  private readonly notes = new Set<Promise<unknown>>();
  private latest: Policy;
  private pointers: { read: Promise<Pointers>; at: number } | null = null;

  /** @param fixed the operator's file, where it decides whatever the pointers say */
  constructor(
    private readonly database: Database,
    private readonly warn: (facts: object, message: string) => void,
    first: Policy,
    private readonly fixed: Policy | null,
  ) {
    this.latest = first;
    this.keep(first);
  }

  get known(): Policy {
    return this.latest;
  }

  /** @throws PolicyVersionError when nothing is live, PolicyError when this process cannot read it: nothing is decided then */
  async now(): Promise<PoliciesNow> {
    const pointers = await this.read();
    const live = this.fixed ?? (await this.load(pointers.live));
    this.latest = live;
    const { shadow } = pointers;
    return { live, shadow: shadow ? await this.loadShadow(shadow) : null };
  }

  note(decision: ShadowDecision): void {
    if (this.notes.size >= MOST_NOTES) return;
    const { shadow, live, would, at, clipId } = decision;
    const category = would?.categories[0] ?? live.categories[0] ?? null;
    const row = {
      ...{
        sha256: shadow,
        liveSha256: live.policy.sha256,
        clipId,
        stage: live.stage,
        audience: live.audience,
        category,
      },
      ...{ live: live.outcome, shadow: would?.outcome ?? 'error', at },
      liveReason: live.reasons[0] ? json(live.reasons[0]) : Prisma.DbNull,
      shadowReason: would?.reasons[0] ? json(would.reasons[0]) : Prisma.DbNull,
    };
    // A step that is done again decides again: the first time counts.
    const noted = this.database.policyShadowOutcome
      .createMany({ data: [row], skipDuplicates: true })
      .catch((e: unknown) => this.warn({ reason: messageOf(e) }, 'shadow decision not kept'))
      .finally(() => this.notes.delete(noted));
    this.notes.add(noted);
  }

  /** Resolves when all that shadows decided so far is kept, or known to be lost. */
  async settled(): Promise<void> {
    await Promise.all(this.notes);
  }

  /** Decisions that come together share a read. The time counts from its start: what it finds is no older. */
  private read(): Promise<Pointers> {
    const now = performance.now();
    if (this.pointers && now - this.pointers.at < FRESH_MS) return this.pointers.read;
    const read = this.database.policyPointer
      .findMany({ select: { name: true, sha256: true } })
      .then((rows): Pointers => {
        const at = (name: string) => rows.find((row) => row.name === name)?.sha256;
        return { live: at('live'), shadow: at('shadow') };
      });
    const shared = { read, at: now };
    this.pointers = shared;
    read.catch(() => {
      if (this.pointers === shared) this.pointers = null;
    });
    return read;
  }

  private async load(sha256: string | undefined): Promise<Policy> {
    if (!sha256)
      throw new PolicyVersionError(
        'unavailable',
        'policy_missing',
        'No version of the policy is live. Try again later.',
      );
    const known = this.loaded.get(sha256);
    if (known) return known;
    const { yaml } = await this.database.policyVersion.findUniqueOrThrow({ where: { sha256 } });
    return this.keep(loadPolicy(yaml));
  }

  private async loadShadow(sha256: string): Promise<Policy | null> {
    if (this.unusable.has(sha256)) return null;
    try {
      return await this.load(sha256);
    } catch (e) {
      this.unusable.add(sha256);
      this.warn({ sha256, reason: messageOf(e) }, 'the shadow policy cannot be loaded; it decides nothing');
      return null;
    }
  }

  private keep(policy: Policy): Policy {
    if (this.loaded.size >= MOST_LOADED) this.loaded.clear();
    this.loaded.set(policy.ref.sha256, policy);
    return policy;
  }
}
