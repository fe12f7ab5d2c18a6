import type { AccessAsked, AccessRules, Policies, Standing } from '#domain/gate';
import type { Policy } from '#engines/policy';
import type { Signal } from '#contracts';
import { AppError, type Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import type { Makers } from '#platform/auth';
import type { Database, Transaction } from '#platform/database';
import { accessOf } from './access.js';
import { audienceOf, ruleBandOf } from './age.js';
import { ageOfMaker, standingLinks } from './ages.js';
import { raiseAlert } from './alerts.js';
import { mayUse } from './content.js';
import { judgeCounters, lockCounters } from './counters.js';
import { AccessError } from './errors.js';
import { judge, judgeCameo, judgeWords, type Facts } from './judge.js';
import { allLimits, limitsOf } from './limits.js';

/** What was known of a request when it was checked, and what was asked of it since. */
interface Found {
  /** In force then: one request is judged by one text. */
  policy: Policy;
  facts: Facts;
  cameo: boolean;
  signals: readonly Signal[];
}

/** Ages, access rules and guardians' limits, as the gate asks for them. */
export class MakerRulesGate implements AccessRules {
  /** Refusals that are on record already. */
  private readonly told = new WeakSet<AccessError>();
  /** What was found at the check and asked since; the filing judges all of it again. */
  private readonly found = new WeakMap<Standing, Found>();

  constructor(
    private readonly database: Database,
    private readonly makers: Makers,
    private readonly policies: Pick<Policies, 'now'>,
    private readonly clock: Clock,
  ) {}

  async check(asked: AccessAsked): Promise<Standing> {
    const makerId = asked.maker ? (await this.makers.ensure(asked.tenantId, asked.maker)).id : null;
    const policy = await this.policies.now();
    const facts = await this.facts(this.database, policy, asked, makerId);
    await this.orTell(facts, () => judge(facts, this.clock.now()));
    const { band, rules, limits } = facts;
    const blocked = [...new Set([...rules.blockedCategories, ...limits.blocked])];
    const standing = { asked, makerId, band, audience: audienceOf(band), blocked };
    this.found.set(standing, { policy, facts, cameo: asked.cameo, signals: [] });
    return standing;
  }

  async allowCameo(standing: Standing): Promise<void> {
    const found = this.foundFor(standing);
    found.cameo = true;
    await this.orTell(found.facts, () => judgeCameo(found.facts));
  }

  async allowWords(standing: Standing, signals: readonly Signal[]): Promise<void> {
    const found = this.foundFor(standing);
    found.signals = signals;
    await this.orTell(found.facts, () => judgeWords(found.facts, signals, found.policy));
  }

  async take(tx: Transaction, standing: Standing, seconds: number): Promise<void> {
    const { asked, makerId, audience } = standing;
    if (makerId) await lockCounters(tx, makerId);
    const { policy, cameo, signals } = this.foundFor(standing);
    const facts = await this.facts(tx, policy, asked, makerId);
    const now = this.clock.now();
    judge(facts, now);
    if (cameo) judgeCameo(facts);
    judgeWords(facts, signals, policy);
    if (audienceOf(facts.band) !== audience) {
      const message = 'What is known of the maker’s age changed at this moment. Send the request again.';
      throw new AppError('conflict', 'maker_changed', message);
    }
    await judgeCounters(tx, facts, seconds, now);
  }

  /** Writes down a refusal, once: for the guardian's summary, the audit record, and as an alert where it is a guardian's. */
  async tell({ asked, makerId }: Pick<Standing, 'asked' | 'makerId'>, error: unknown): Promise<void> {
    if (!(error instanceof AccessError) || this.told.has(error) || !makerId) return;
    this.told.add(error);
    const { code, setBy } = error;
    const { tenantId } = asked;
    const now = this.clock.now();
    await this.database.$transaction(async (tx) => {
      await tx.$executeRaw`
        INSERT INTO maker_stops (maker_id, day, code) VALUES (${makerId}, ${now.toISOString().slice(0, 10)}::date, ${code})
        ON CONFLICT (maker_id, day, code) DO UPDATE SET count = maker_stops.count + 1`;
      const data = { code, set_by: setBy };
      await recordAudit(tx, { tenantId, actor: 'gate', action: 'maker.stopped', subject: makerId, data });
      const maker = { makerId, tenantId };
      if (code === 'cameo_not_allowed') await raiseAlert(tx, maker, { kind: 'cameo' }, now);
      else if (setBy === 'guardian') await raiseAlert(tx, maker, { kind: 'limit', code }, now);
    });
  }

  private async orTell(facts: Facts, judgement: () => void): Promise<void> {
    try {
      judgement();
    } catch (e) {
      await this.tell(facts, e);
      throw e;
    }
  }

  private foundFor(standing: Standing): Found {
    const found = this.found.get(standing);
    if (!found) throw new Error('the standing was not found by check');
    return found;
  }

  private async facts(tx: Transaction, { makers }: Policy, asked: AccessAsked, makerId: string | null): Promise<Facts> {
    const now = this.clock.now();
    const maker = makerId ? await tx.maker.findUniqueOrThrow({ where: { id: makerId } }) : null;
    const { band } = makerId ? await ageOfMaker(tx, makerId, now) : { band: 'unknown' as const };
    const limits = [];
    for (const link of makerId ? await standingLinks(tx, makerId, now) : []) limits.push(await limitsOf(tx, link.id));
    return {
      asked,
      makerId,
      country: maker?.country ?? null,
      band,
      rules: makers[ruleBandOf(band)],
      access: await accessOf(tx, asked.tenantId),
      invited: makerId !== null && (await tx.accessRedemption.count({ where: { makerId } })) > 0,
      limits: allLimits(limits),
      mayUseParent: !asked.parent || (await mayUse(tx, asked.parent.id, makerId, makers, now)),
    };
  }
}
