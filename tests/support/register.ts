import { matchFaces, type FaceTemplate } from '#engines/faces';
import type { FaceHit, FaceRegister } from '#domain/likeness';

/** interim */
export class MemoryRegister implements FaceRegister {
  readonly all: { subject: FaceHit['subject']; template: FaceTemplate }[] = [];
  async refresh(): Promise<void> {}
  async find(template: FaceTemplate, _tenantId: string, most = 5): Promise<FaceHit[]> {
    return this.all
      .map((one) => ({
        subject: one.subject,
        score: matchFaces(template, one.template, 'gallery').score ?? -9,
        dlibDistance: 0,
      }))
      .sort((a, b) => b.score - a.score)
      .slice(0, most);
  }
}
