import { shownMessage } from '#kernel';
import type { Signal } from '#contracts';
import { judgeSeen, limitsSignal } from '#domain/consent-check';
import type { FacesCheck, FacesJudged } from '#domain/pipeline';
import { APPARENT_MINOR_DETECTOR } from '#engines/faces';
import type { Clip, Database, LikenessUse } from '#platform/database';
import { NOT_COMPARED, type KeptFaces } from './kept.js';
import { compareFaces, faceSignal, unableFaces, untoldSignals } from './frames.js';
import type { FaceRegister } from './register.js';

/** The register's answer about finished frames. Implements the port of the inspection step. */
export class ConsentFaces implements FacesCheck {
  constructor(
    private readonly database: Database,
    private readonly register: FaceRegister,
    private readonly kept: KeptFaces,
  ) {}

  async judge(clip: Clip, inspected: Parameters<FacesCheck['judge']>[1]): Promise<FacesJudged> {
    const { templates, signals, inspection } = inspected;
    const blind = signals.find(({ detector, state }) => detector === APPARENT_MINOR_DETECTOR && state === 'unable');
    // The part that finds faces failed: no faces is no finding then.
    if (blind) return { signals: [unableFaces(blind.reason ?? 'The faces could not be looked at.')] };
    const uses = await this.database.likenessUse.findMany({ where: { clipId: clip.id } });
    const limits = await this.judgeLimits(uses, signals);
    try {
      // Read before the comparison: what comes meanwhile is compared again before the release.
      const seq = await this.kept.newestChange();
      await this.register.refresh();
      const agreed = new Set(uses.map(({ personId }) => personId));
      const compared = await compareFaces(this.register, clip.tenantId, templates, agreed);
      return {
        signals: [faceSignal(compared, inspection.faces), ...untoldSignals(inspection.faces, templates), ...limits],
        within: async (tx) => {
          await this.kept.keep(tx, clip, templates, seq);
          await tx.likenessUse.updateMany({
            where: { clipId: clip.id, personId: { in: compared.seen } },
            data: { seenAt: new Date() },
          });
        },
      };
    } catch (e) {
      // They are compared before anything is made of the clip, whoever releases it.
      return {
        signals: [unableFaces(shownMessage(e)), ...limits],
        within: (tx) => this.kept.keep(tx, clip, templates, NOT_COMPARED),
      };
    }
  }

  /** What persons ruled out may show itself in the pictures only, whatever the words said. */
  private async judgeLimits(uses: readonly LikenessUse[], signals: readonly Signal[]): Promise<Signal[]> {
    if (uses.length === 0) return [];
    const grants = await this.database.likenessGrant.findMany({
      where: { id: { in: uses.map(({ grantId }) => grantId) } },
    });
    const found = limitsSignal(grants.map(({ limits }) => judgeSeen(limits, signals)));
    return found ? [found] : [];
  }
}
