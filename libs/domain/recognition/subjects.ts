import type { Transaction } from '#platform/database';
import type { Sealer } from '#platform/keys';
import { nameForms } from './candidates.js';
import { ShortHmac } from './hmac.js';

/** Somebody who is looked for. */
export interface Subject {
  /** person: agreed to be used under a grant. protected: may not be shown at all. */
  kind: 'person' | 'protected';
  /** `char_...`, `prot_...` or `chi_...`. */
  id: string;
  /** Whose it is; null: it holds for every tenant. */
  tenantId: string | null;
}

/** A name as the database keeps it. */
export interface HashedName {
  /** 32 bytes. */
  hash: Uint8Array<ArrayBuffer>;
  words: number;
}

/** A face or voice as the database keeps it. */
export interface SealedTemplate {
  what?: 'face' | 'voice';
  /** Networks and alignment that made it. */
  model: string;
  /** Of {@link sealTemplate}. */
  sealed: Uint8Array<ArrayBuffer>;
}

/** The key that names are hashed with: `nameKey(core.keyring.sealer)`. Whoever has only the database cannot guess names. */
export function nameKey(sealer: Sealer): Uint8Array {
  return sealer.derive('names');
}

/** Hashes of the forms of a name. @throws RecognitionError `name_invalid` when it has under four letters */
export function hashName(key: Uint8Array, name: string): HashedName[] {
  const hmac = new ShortHmac(key);
  return nameForms(name).map(({ text, words }) => {
    const hash = Buffer.alloc(32);
    hmac.write(text, hash, 0);
    return { hash, words };
  });
}

const contextOf = (subjectId: string, what: string) => `template:${what}:${subjectId}`;

/** Seals an encoded template under its subject's key. @param sealer of `SubjectKeys`, never of the deployment */
export function sealTemplate(
  sealer: Sealer,
  subjectId: string,
  template: Uint8Array,
  what: 'face' | 'voice' = 'face',
): Uint8Array<ArrayBuffer> {
  return Buffer.from(sealer.seal(template, contextOf(subjectId, what)), 'base64');
}

/** Undoes {@link sealTemplate}. @throws KeyError `sealed_value_invalid` */
export function openTemplate(
  sealer: Sealer,
  subjectId: string,
  sealed: Uint8Array,
  what: 'face' | 'voice' = 'face',
): Buffer {
  return sealer.open(Buffer.from(sealed).toString('base64'), contextOf(subjectId, what));
}

/**
 * Adds what a subject is recognised by; what is there already stays. To be called in the transaction that makes the
 * subject what it is. Until that ends, no other can add or remove: call it late.
 * @param names of {@link hashName}
 */
export async function rememberSubject(
  tx: Transaction,
  subject: Subject,
  by: { template?: SealedTemplate; names?: readonly HashedName[] },
): Promise<void> {
  const owner = { subjectKind: subject.kind, subjectId: subject.id, tenantId: subject.tenantId };
  const { template, names = [] } = by;
  if (names.length > 0) {
    await tx.likenessName.createMany({
      data: names.map(({ hash, words }) => ({ ...owner, nameHash: Buffer.from(hash), words })),
    });
  }
  if (!template) return;
  await tx.likenessTemplate.create({ data: { ...owner, what: 'face', ...template } });
  await change(tx, subject, 'added');
}

/** Removes all that a subject is recognised by, in the transaction of the caller. Again does no harm. */
export async function forgetSubject(tx: Transaction, subject: Pick<Subject, 'kind' | 'id'>): Promise<void> {
  const where = { subjectKind: subject.kind, subjectId: subject.id };
  await tx.likenessName.deleteMany({ where });
  await tx.likenessTemplate.deleteMany({ where });
  await change(tx, subject, 'removed');
}

function change(tx: Transaction, { kind, id }: Pick<Subject, 'kind' | 'id'>, what: 'added' | 'removed') {
  return tx.likenessChange.create({ data: { subjectKind: kind, subjectId: id, change: what } });
}
