import { hashName, rememberSubject, type Subject } from '#domain/recognition';
import type { Transaction } from '#platform/database';
import type { Details } from './details.js';
import type { EntryRow } from './view.js';

/** Whom an entry protects, as recognition knows them. */
export function subjectOf({ id, tenantId }: Pick<EntryRow, 'id' | 'tenantId'>): Subject {
  return { kind: 'protected', id, tenantId };
}

/** Prompts and frames are compared with an entry from the commit on. */
export async function recognise(
  tx: Transaction,
  row: EntryRow,
  { names }: Details,
  nameKey: Uint8Array,
): Promise<void> {
  const { templateSealed, templateModel } = row;
  await rememberSubject(tx, subjectOf(row), {
    names: names.flatMap((name) => hashName(nameKey, name)),
    ...(templateSealed && templateModel
      ? { template: { model: templateModel, sealed: Buffer.from(templateSealed, 'base64') } }
      : {}),
  });
}
