import type { Clock } from '#kernel';
import { Inspection, type Signal } from '#contracts';
import {
  brokenUses,
  lockUses,
  promptSignals,
  standingSignal,
  stopped,
  type ConsentGate,
  type MakerFacts,
} from '#domain/consent-check';
import { LikenessChangedError, readDecisions, type Move, type Policies } from '#domain/gate';
import type { StepGuard } from '#domain/pipeline';
import type { Clip, Database, Transaction } from '#platform/database';
import { compareFaces, faceSignal } from './frames.js';
import type { KeptFaces } from './kept.js';
import type { FaceRegister } from './register.js';

const askerOf = ({ tenantId, makerId }: Clip) => ({ tenantId, makerId });

/** Whatever a clip may not do any more: asked before every step, and in the transaction of the release. */
export class ConsentGuard implements StepGuard {
  constructor(
    private readonly database: Database,
    private readonly policies: Policies,
    private readonly gate: ConsentGate,
    private readonly faces: { register: FaceRegister; kept: KeptFaces },
    private readonly facts: MakerFacts,
    private readonly clock: Clock,
  ) {}

  async before(clip: Clip): Promise<Move | null> {
    const standing = await this.standing(clip);
    if (standing) return this.stop(clip, [standing], 'Somebody in this clip no longer agrees to it.');
    if (clip.state !== 'logging') return null;
    return (await this.newNames(clip)) ?? this.newFaces(clip);
  }

  async releasing(tx: Transaction, clip: Clip): Promise<void> {
    const uses = await tx.likenessUse.findMany({ where: { clipId: clip.id } });
    const broken = await lockUses(tx, uses, askerOf(clip), this.facts, this.clock.now());
    const compared = await this.faces.kept.comparedWith(clip.id, tx);
    const since = compared !== null && (await this.faces.kept.newestChange(tx)) > compared;
    if (broken.length > 0 || since) throw new LikenessChangedError();
  }

  /** Null as long as every person agrees. A newer grant that allows the same takes the place of one that ended. */
  private async standing(clip: Clip): Promise<Signal | null> {
    const uses = await this.database.likenessUse.findMany({ where: { clipId: clip.id } });
    const broken = await brokenUses(this.database, uses, askerOf(clip), this.facts, this.clock.now());
    const reasons: string[] = [];
    for (const { personId, grantId, breach } of broken) {
      const asked = { ...askerOf(clip), words: clip.effectivePrompt, signals: promptSignals(clip) };
      const renewed = await this.gate.renewed(personId, asked);
      if (renewed === null) reasons.push(breach);
      else {
        const where = { clipId: clip.id, personId, grantId };
        await this.database.likenessUse.updateMany({ where, data: { grantId: renewed } });
      }
    }
    return reasons.length > 0 ? standingSignal(reasons) : null;
  }

  /** Names that were enrolled or protected since the words were read. */
  private async newNames(clip: Clip): Promise<Move | null> {
    const characters = await this.database.likenessUse.findMany({ where: { clipId: clip.id, how: 'asked' } });
    const { signals } = await this.gate.ask({
      ...askerOf(clip),
      words: clip.effectivePrompt,
      characters: characters.map(({ personId }) => personId),
      reference: null,
      parentId: null,
      signals: promptSignals(clip),
    });
    const found = signals[0]!;
    if (found.state === 'measured' && found.score! <= knownScore(clip, found.detector)) return null;
    return this.stop(clip, [found], 'A name in the words is in the register by now.');
  }

  /** Faces of whoever was enrolled or protected since the frames were looked at. */
  private async newFaces(clip: Clip): Promise<Move | null> {
    const { kept, register } = this.faces;
    const compared = await kept.comparedWith(clip.id);
    const newest = await kept.newestChange();
    if (compared === null || newest <= compared) return null;
    await register.refresh();
    const uses = await this.database.likenessUse.findMany({ where: { clipId: clip.id } });
    const agreed = new Set(uses.map(({ personId }) => personId));
    const found = await compareFaces(register, clip.tenantId, await kept.open(clip.id), agreed);
    const signal = faceSignal(found, Inspection.parse(clip.inspection).faces);
    const known = knownScore(clip, signal.detector);
    const stopped =
      signal.score! > known ? this.stop(clip, [signal], 'A face in this clip is in the register by now.') : null;
    if (!stopped) {
      await kept.compared(clip.id, newest);
      return null;
    }
    const { within } = stopped;
    // A person who lets it go on must not meet the same question again.
    return {
      ...stopped,
      within: async (tx) => {
        await kept.compared(clip.id, newest, tx);
        await within?.(tx);
      },
    };
  }

  private stop(clip: Clip, found: Signal[], note: string): Move {
    return stopped(this.policies, clip, found, note, this.clock.now());
  }
}

/** The highest score of a detector that any decision about the clip has seen already. */
function knownScore(clip: Clip, detector: string): number {
  const signals = readDecisions(clip.decisions).flatMap((one) => one.signals);
  return Math.max(0, ...signals.filter((one) => one.detector === detector).map(({ score }) => score ?? 0));
}
