import type { Clock } from '#kernel';
import { Audience, Category, Outcome, Reason, Stage, type ShadowCell, type ShadowNumbers } from '#contracts';
import { recordAudit } from '#platform/audit';
import { assertMay, type StaffCaller } from '#platform/auth';
import type { Database } from '#platform/database';
import { z } from 'zod';
import { PolicyVersionError, wrongState } from './errors.js';
import { endShadow, keepText, lockPolicies, versionById } from './live.js';

const SAMPLES = 5;

const Place = z.object({
  stage: Stage,
  audience: Audience,
  category: Category.nullable(),
  live: Outcome,
  shadow: z.enum([...Outcome.options, 'error']),
});
const Counted = Place.extend({ decisions: z.number() });
const Example = Place.extend({
  clip_id: z.string(),
  at: z.date(),
  live_reason: Reason.nullable(),
  shadow_reason: Reason.nullable(),
  person: z.string().nullable(),
});
type Example = z.infer<typeof Example>;

const keyOf = (one: z.infer<typeof Place>) => [one.stage, one.audience, one.category, one.live, one.shadow].join(' ');

function sampleOf({ clip_id, at, live_reason, shadow_reason, person }: Example): ShadowCell['samples'][number] {
  const decided = person?.startsWith('release') ? 'release' : person === 'refuse' ? 'refuse' : null;
  return { clip_id, at: at.toISOString(), live_reason, shadow_reason, person: decided };
}

/** Lets a version decide beside the live one, without acting, and says what came of it. */
export class PolicyShadows {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins or ends the shadow mode of a version; one version at a time has it.
   * @throws PolicyVersionError `policy_state`, `shadow_taken`, `nothing_changed`
   */
  async set(by: StaffCaller, id: string, on: boolean): Promise<ShadowNumbers> {
    assertMay(by, 'policy.test');
    await this.database.$transaction(async (tx) => {
      await lockPolicies(tx);
      const row = await versionById(tx, id);
      if (on) {
        if (['live', 'discarded'].includes(row.state)) throw wrongState(row.state, 'not live and not discarded');
        const pointer = await tx.policyPointer.findUnique({ where: { name: 'shadow' } });
        if (pointer) throw pointer.revisionId === id ? nothingChanged() : taken(pointer.revisionId);
        await keepText(tx, row);
        const since = this.clock.now();
        await tx.policyPointer.create({ data: { name: 'shadow', revisionId: id, sha256: row.sha256, since } });
      } else if (!(await endShadow(tx, id))) throw nothingChanged();
      const action = on ? 'policy.shadow_started' : 'policy.shadow_ended';
      await recordAudit(tx, { actor: `staff:${by.id}`, action, subject: id, data: { sha256: row.sha256 } });
    });
    return this.numbers(by, id);
  }

  /** What the version, as its text is now, decided beside the live one, also after its shadow mode ended. */
  async numbers(by: StaffCaller, id: string): Promise<ShadowNumbers> {
    assertMay(by, 'policy.read');
    const row = await versionById(this.database, id);
    const pointer = await this.database.policyPointer.findFirst({ where: { name: 'shadow', revisionId: id } });
    const cells = await this.cells(row.sha256);
    const sum = (some: ShadowCell[]) => some.reduce((all, { decisions }) => all + decisions, 0);
    return {
      object: 'policy.shadow',
      policy: id,
      sha256: row.sha256,
      on: pointer !== null,
      since: pointer?.since.toISOString() ?? null,
      decisions: sum(cells),
      agreed: sum(cells.filter(({ live, shadow }) => live === shadow)),
      errors: sum(cells.filter(({ shadow }) => shadow === 'error')),
      cells,
    };
  }

  private async cells(sha256: string): Promise<ShadowCell[]> {
    const counted = z.array(Counted).parse(
      await this.database.$queryRaw`
        SELECT stage, audience, category, live, shadow, count(*)::int AS decisions FROM policy_shadow_outcomes
        WHERE sha256 = ${sha256} GROUP BY stage, audience, category, live, shadow ORDER BY decisions DESC`,
    );
    const examples = z.array(Example).parse(
      await this.database.$queryRaw`
        SELECT s.*, c.review->>'outcome' AS person FROM (
          SELECT stage, audience, category, live, shadow, clip_id, at, live_reason, shadow_reason,
            row_number() OVER (PARTITION BY stage, audience, category, live, shadow ORDER BY id DESC) AS place
          FROM policy_shadow_outcomes WHERE sha256 = ${sha256} AND live <> shadow
        ) s LEFT JOIN clips c ON c.id = s.clip_id WHERE s.place <= ${SAMPLES} ORDER BY s.place`,
    );
    return counted.map((cell) => ({
      ...cell,
      samples: examples.filter((one) => keyOf(one) === keyOf(cell)).map(sampleOf),
    }));
  }
}

function taken(id: string): PolicyVersionError {
  const message = `Version ${id} is the shadow now. End its shadow mode first.`;
  return new PolicyVersionError('conflict', 'shadow_taken', message, { data: { policy: id } });
}

function nothingChanged(): PolicyVersionError {
  return new PolicyVersionError('conflict', 'nothing_changed', 'Its shadow mode is as you want it already.');
}
