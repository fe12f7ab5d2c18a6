import { newId } from '#kernel';
import {
  CaseLimits,
  DsaStatement,
  Measure,
  StatementSource,
  type Category,
  type Decision,
  type LocalText,
  type StatementOfReasons,
} from '#contracts';
import { statementText, type Policy } from '#engines/policy';
import { promiseRefusal } from '#domain/transparency';
import { promiseWebhooks } from '#domain/webhooks';
import { json, type Statement, type StatementReversal, type Transaction } from '#platform/database';
import { dsaStatement } from './dsa.js';

const APPEAL_MONTHS = 6;

/** Until when appeals against a statement are taken: six calendar months, at most to the end of the month. */
export function appealUntil(createdAt: Date): Date {
  const until = new Date(createdAt);
  until.setUTCMonth(until.getUTCMonth() + APPEAL_MONTHS);
  // The 31st of August and six months would be in March.
  if (until.getUTCDate() !== createdAt.getUTCDate()) until.setUTCDate(0);
  return until;
}

/** Whose request, clip or account is restricted. */
export interface StatedClip {
  id: string;
  tenantId: string;
  makerId?: string | null;
  createdAt?: Date | string;
}

/** What a statement says besides the decision of the policy. */
export interface StatementMore {
  /** Set when a person decided: the category that they named. */
  reviewedAs?: Category;
  /** A refusal by default. */
  measure?: Measure;
  /** Of a release with limits. */
  limits?: CaseLimits | null;
  /** End of a suspension. */
  until?: Date | null;
  /** The service's own look by default. */
  source?: StatementSource;
  now?: Date;
}

/**
 * Writes a statement of reasons, with its leaf in the public log (of refusals and withdrawals) and the notice to the platform, in
 * the transaction of the restriction.
 * @returns its id and text
 */
export async function writeStatement(
  tx: Transaction,
  clip: StatedClip,
  policy: Policy,
  decision: Decision,
  more: StatementMore = {},
): Promise<{ id: string; text: LocalText }> {
  const { reviewedAs, measure = 'refuse', limits = null, until = null, source = 'own' } = more;
  const at = more.now ?? new Date();
  const id = newId('sor', at.getTime());
  const text = statementText(policy, decision, { ...more, measure, source });
  const automated = reviewedAs === undefined;
  const categories = reviewedAs ? [reviewedAs] : decision.categories;
  const contentDate = clip.createdAt ? new Date(clip.createdAt) : at;
  const facts = { id, measure, stage: decision.stage, automated, source, limits, endsAt: until, text, contentDate, at };
  const policyVersion = decision.policy.version;
  await tx.statement.create({
    data: {
      ...{ id, clipId: clip.id, tenantId: clip.tenantId, makerId: clip.makerId ?? null, decision: measure },
      ...{ automated, source, categories, policyId: decision.policy.id, policyVersion, createdAt: at },
      severity: Math.max(0, ...categories.map((category) => policy.taxonomy[category].severity)),
      textEn: text.en,
      textFr: text.fr,
      endsAt: until,
      ...(limits && { limits: json(limits) }),
      dsa: json(dsaStatement({ ...facts, categories })),
    },
  });
  if (measure === 'refuse' || measure === 'withdraw')
    await promiseRefusal(tx, { statementId: id, clipId: clip.id, policyVersion, reasonCodes: categories, automated });
  await promiseWebhooks(tx, clip.tenantId, 'statement.created', id, at);
  return { id, text };
}

/** A statement with what is known around it. */
export interface StatedRow {
  row: Statement;
  /** The platform's own name for the maker. */
  maker: string | null;
  reversal: StatementReversal | null;
}

/** A statement as its maker's platform sees it. */
export function statementView({ row, maker, reversal }: StatedRow): StatementOfReasons {
  return {
    id: row.id,
    object: 'statement_of_reasons',
    clip_id: row.clipId,
    maker,
    created_at: row.createdAt.toISOString(),
    decision: Measure.parse(row.decision),
    automated: row.automated,
    source: StatementSource.parse(row.source),
    categories: row.categories,
    policy: { id: row.policyId, version: row.policyVersion },
    text: { en: row.textEn, fr: row.textFr },
    limits: row.limits ? CaseLimits.parse(row.limits) : null,
    ends_at: row.endsAt?.toISOString() ?? null,
    appeal_until: appealUntil(row.createdAt).toISOString(),
    overturned: reversal && {
      at: reversal.at.toISOString(),
      appeal_id: reversal.appealId,
      restored: reversal.restored,
    },
  };
}

/** What the DSA Transparency Database is told; of statements that were written before it was stored, as far as it is known. */
export function dsaOf(row: Statement, contentDate: Date): DsaStatement {
  if (row.dsa) return DsaStatement.parse(row.dsa);
  return dsaStatement({
    id: row.id,
    measure: Measure.parse(row.decision),
    stage: /^Decision: refused\. No clip is made/.test(row.textEn) ? 'prompt' : 'clip',
    automated: row.automated,
    source: StatementSource.parse(row.source),
    categories: row.categories as Category[],
    limits: null,
    endsAt: row.endsAt,
    text: { en: row.textEn, fr: row.textFr },
    contentDate,
    at: row.createdAt,
  });
}

/** Reads what stands around statements, in their order. */
export async function aroundStatements(tx: Transaction, rows: readonly Statement[]): Promise<StatedRow[]> {
  const makerIds = [...new Set(rows.flatMap(({ makerId }) => makerId ?? []))];
  const [makers, reversals] = await Promise.all([
    makerIds.length ? tx.maker.findMany({ where: { id: { in: makerIds } } }) : [],
    tx.statementReversal.findMany({ where: { statementId: { in: rows.map(({ id }) => id) } } }),
  ]);
  const names = new Map(makers.map(({ id, externalId }) => [id, externalId]));
  const ends = new Map(reversals.map((one) => [one.statementId, one]));
  return rows.map((row) => ({
    row,
    maker: (row.makerId && names.get(row.makerId)) ?? null,
    reversal: ends.get(row.id) ?? null,
  }));
}
