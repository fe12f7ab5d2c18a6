import { BankKind, Category, HashAlgorithm, type HashBank, type HashEntry } from '#contracts';

/** A row of `hash_banks`, as far as others see it. */
export interface BankRow {
  id: string;
  tenantId: string | null;
  name: string;
  kind: string;
  category: string | null;
  createdBy: string;
  createdAt: Date;
}

interface EntryRow {
  id: bigint;
  algorithm: string;
  hash: string;
  quality: number | null;
  label: string | null;
  clipId: string;
  atS: number | null;
  addedBy: string;
  addedAt: Date;
}

/** A bank's category; a name that this version does not know is `other`. */
export function categoryOf({ category }: Pick<BankRow, 'category'>): Category | null {
  return category === null ? null : (Category.safeParse(category).data ?? 'other');
}

/** A bank as its users see it. */
export function bankView(row: BankRow, hashes: number): HashBank {
  return {
    id: row.id,
    object: 'hash_bank',
    name: row.name,
    kind: BankKind.parse(row.kind),
    category: categoryOf(row),
    shared: row.tenantId === null,
    automatic: row.createdBy === 'worker',
    hashes,
    created_at: row.createdAt.toISOString(),
  };
}

/** An entry as its owners see it. */
export function entryView(row: EntryRow): HashEntry {
  return {
    id: row.id.toString(),
    object: 'hash_entry',
    algorithm: HashAlgorithm.parse(row.algorithm),
    hash: row.hash,
    quality: row.quality,
    label: row.label,
    clip: row.clipId || null,
    at_s: row.atS,
    added_by: row.addedBy,
    added_at: row.addedAt.toISOString(),
  };
}
