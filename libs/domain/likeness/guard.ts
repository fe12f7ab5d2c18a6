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
import { compareFaces, faceSignal, unableFaces } from './frames.js';
import { NOT_COMPARED, type KeptFaces } from './kept.js';
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
    // Whoever could not be asked at the prompt is asked before anything is drawn.
    if (clip.state === 'queued' && clip.review) return this.newNames(clip);
    if (clip.state === 'marking') return this.unlooked(clip);
    if (clip.state !== 'logging') return null;
    // Read before anybody is asked: what comes meanwhile counts as new at the release.
    const newest = await this.faces.kept.newestChange();
    return (await this.newNames(clip)) ?? this.newFaces(clip, newest);
  }

  /** A person may have released what was held because nobody could look: faces are looked at all the same. */
  private async unlooked(clip: Clip): Promise<Move | null> {
    const { kept } = this.faces;
    const compared = await kept.comparedWith(clip.id);
    if (compared === null) return { to: 'inspecting', actor: 'worker', note: 'The faces were not looked at yet.' };
    return compared === NOT_COMPARED ? this.newFaces(clip, await kept.newestChange()) : null;
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
    const recorded = await this.database.likenessUse.findMany({ where: { clipId: clip.id } });
    const asked = recorded.filter(({ how }) => how === 'asked').map(({ personId }) => personId);
    const { signals, uses } = await this.gate.ask({
      ...askerOf(clip),
      words: clip.effectivePrompt,
      characters: [...new Set([...clip.characters, ...asked])],
      reference: null,
      parentId: clip.remixedFrom,
      signals: promptSignals(clip),
    });
    const [found] = signals;
    if (!isKnown(clip, found!)) return this.stop(clip, [found!], 'A name in the words is in the register by now.');
    const missing = uses.filter(({ personId }) => !recorded.some((one) => one.personId === personId));
    if (missing.length > 0) await this.database.$transaction((tx) => this.gate.record(tx, clip, missing));
    return null;
  }

  /** Faces of whoever was enrolled or protected since the frames were looked at. */
  private async newFaces(clip: Clip, newest: bigint): Promise<Move | null> {
    const { kept, register } = this.faces;
    const compared = await kept.comparedWith(clip.id);
    if (compared === null) {
      const unlooked = unableFaces('Nobody looked for faces in this clip.');
      return this.stop(clip, [unlooked], 'The faces were not looked at.');
    }
    if (newest <= compared) return null;
    await register.refresh();
    const uses = await this.database.likenessUse.findMany({ where: { clipId: clip.id } });
    const agreed = new Set(uses.map(({ personId }) => personId));
    const found = await compareFaces(register, clip.tenantId, await kept.open(clip.id), agreed);
    const signal = faceSignal(found, Inspection.parse(clip.inspection).faces);
    const stopped = !isKnown(clip, signal)
      ? await this.stop(clip, [signal], 'A face in this clip is in the register by now.')
      : null;
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

  private stop(clip: Clip, found: Signal[], note: string): Promise<Move> {
    return stopped(this.policies, clip, found, note, this.clock.now());
  }
}

/**
 * True for a finding that a decision about the clip has seen already. What nobody could tell is known once a person let the
 * clip go on in spite of it.
 */
function isKnown(clip: Clip, { detector, state, score }: Signal): boolean {
  if (state === 'measured') return score! <= knownScore(clip, detector);
  const seen = readDecisions(clip.decisions).flatMap((one) => one.signals);
  return clip.review !== null && seen.some((one) => one.detector === detector && one.state === 'unable');
}

/** The highest score of a detector that any decision about the clip has seen already. */
function knownScore(clip: Clip, detector: string): number {
  const signals = readDecisions(clip.decisions).flatMap((one) => one.signals);
  return Math.max(0, ...signals.filter((one) => one.detector === detector).map(({ score }) => score ?? 0));
}
