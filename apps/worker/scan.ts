import type { FaceSearch } from '#domain/enrolment';
import { openTemplate } from '#domain/recognition';
import { decodeTemplate, matchFaces } from '#engines/faces';
import type { Core } from '#platform/core';

/** Compares with everybody, one by one, straight from the tables: exact, and slow with many. */
export function scanFaces({ database, subjectKeys }: Pick<Core, 'database' | 'subjectKeys'>): FaceSearch {
  return {
    refresh: () => Promise.resolve(),
    async find(template, tenantId, most) {
      const rows = await database.likenessTemplate.findMany({
        where: { what: 'face', OR: [{ subjectKind: 'person' }, { tenantId }, { tenantId: null }] },
      });
      const hits = [];
      for (const { subjectId, subjectKind, sealed } of rows) {
        const key = await subjectKeys.open(subjectId);
        if (!key) continue; // being erased
        const { score } = matchFaces(template, decodeTemplate(openTemplate(key, subjectId, sealed)), 'gallery');
        const kind = subjectKind === 'protected' ? ('protected' as const) : ('person' as const);
        if (score !== null) hits.push({ subject: { kind, id: subjectId }, score });
      }
      return hits.sort((a, b) => b.score - a.score).slice(0, most);
    },
  };
}
