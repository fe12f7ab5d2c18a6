import { createHash } from 'node:crypto';
import { decodeTemplate, type FaceTemplate } from '#engines/faces';
import type { Database } from '#platform/database';
import type { SubjectKeys } from '#platform/keys';
import { openTemplate, type Subject } from '#domain/recognition';

/** A template as it lies in the database. */
export interface TemplateRow {
  id: bigint;
  kind: Subject['kind'];
  subjectId: string;
  tenantId: string | null;
  sealed: Uint8Array;
}

const columns = { id: true, subjectKind: true, subjectId: true, tenantId: true, sealed: true } as const;

async function rowsOf(
  database: Database,
  where: NonNullable<NonNullable<Parameters<Database['likenessTemplate']['findMany']>[0]>['where']>,
  take?: number,
): Promise<TemplateRow[]> {
  const rows = await database.likenessTemplate.findMany({
    where: { what: 'face', ...where },
    select: columns,
    orderBy: { id: 'asc' },
    ...(take ? { take } : {}),
  });
  return rows.map(({ subjectKind, ...row }) => ({ ...row, kind: subjectKind as Subject['kind'] }));
}

/** Faces after `id`, in order. */
export const facesAfter = (database: Database, id: bigint, take: number) => rowsOf(database, { id: { gt: id } }, take);

/** Faces of some subjects. */
export const facesOf = (database: Database, subjectIds: readonly string[]) =>
  rowsOf(database, { subjectId: { in: [...subjectIds] } });

/** Faces by number. */
export const facesById = (database: Database, ids: readonly bigint[]) => rowsOf(database, { id: { in: [...ids] } });

/** Opens a template with its subject's key; null when it cannot be opened or read. */
export async function openFace(keys: SubjectKeys, { subjectId, sealed }: TemplateRow): Promise<FaceTemplate | null> {
  try {
    const sealer = await keys.open(subjectId);
    return sealer && decodeTemplate(openTemplate(sealer, subjectId, sealed));
  } catch {
    return null;
  }
}

/** A subject as four numbers, so that a million take little room: 128 bits of SHA-256, only ever compared. */
export function markOf(subjectId: string): Uint32Array {
  const digest = createHash('sha256').update(subjectId).digest();
  return Uint32Array.from({ length: 4 }, (_, i) => digest.readUInt32LE(4 * i));
}
