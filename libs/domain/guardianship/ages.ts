import { AgeStateKind, type AgeRecord } from '#contracts';
import type { GuardianLinkRow, MakerAge, Transaction } from '#platform/database';
import { ageOf, type AgeFact, type AgeFinding } from './age.js';

function factOf(row: MakerAge): AgeFact {
  return { ...row, state: AgeStateKind.parse(row.state) };
}

/** All that was learnt of a maker's age, oldest first. */
export async function ageHistory(tx: Transaction, makerId: string): Promise<AgeRecord[]> {
  const rows = await tx.makerAge.findMany({ where: { makerId }, orderBy: { id: 'asc' } });
  return rows.map((row) => ({
    state: AgeStateKind.parse(row.state),
    birth_year: row.birthYear,
    low: row.low,
    high: row.high,
    by: row.by,
    at: row.at.toISOString(),
  }));
}

/** The age band of a maker at a moment, and the kind of evidence it rests on. */
export async function ageOfMaker(tx: Transaction, makerId: string, now: Date): Promise<AgeFinding> {
  const facts = await tx.makerAge.findMany({ where: { makerId }, orderBy: { id: 'asc' } });
  const first = await tx.guardianLinkRow.findFirst({
    where: { makerId, state: 'active' },
    orderBy: { activeAt: 'asc' },
  });
  return ageOf(facts.map(factOf), now, first?.activeAt ?? null);
}

/** The guardians' links that stand: confirmed, not ended, and of somebody who is not of age. */
export async function standingLinks(tx: Transaction, makerId: string, now: Date): Promise<GuardianLinkRow[]> {
  const links = await tx.guardianLinkRow.findMany({ where: { makerId, state: 'active' }, orderBy: { id: 'asc' } });
  if (!links.length) return [];
  const { band } = await ageOfMaker(tx, makerId, now);
  return band === 'adult' ? [] : links;
}
