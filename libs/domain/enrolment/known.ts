import type { KnownFaces } from '#domain/consent';
import { decodeTemplate, FACE_THRESHOLDS, type FaceTemplate } from '#engines/faces';

/** Faces of everybody who is known, as whoever compares clips has them. */
export interface FaceSearch {
  /** Takes in what was committed before. @throws when it cannot */
  refresh(): Promise<unknown>;
  /** The most alike, best first. @throws when it is not loaded */
  find(
    template: FaceTemplate,
    tenantId: string,
    most: number,
  ): Promise<readonly { subject: { kind: 'person' | 'protected'; id: string }; score: number }[]>;
}

const MOST = 20;

/**
 * Who is known already, of the faces that a clip is compared with. The threshold is that of consent: a look-alike under
 * it can enrol, one over it (a twin) is refused.
 */
export function knownFaces(search: FaceSearch): KnownFaces {
  return {
    async find({ template }, tenantId) {
      await search.refresh();
      const hits = await search.find(decodeTemplate(template), tenantId, MOST);
      return hits.filter(({ score }) => score >= FACE_THRESHOLDS.consent.fused).map(({ subject }) => subject);
    },
  };
}
