import { AppliedLabel } from '#contracts';
import type { Clock } from '#kernel';
import {
  softBindingValue,
  SOFT_BINDING_ALG,
  type ClaimSigner,
  type CredentialsPool,
  type RevocationSource,
  type Disclosure,
  type TimeStamper,
} from '#engines/credentials';
import type { Clip, Database } from '#platform/database';
import type { BlobStore, LocalFile, ScratchSpace } from '#platform/storage';
import { unchangedParent, type Move } from '#domain/gate';
import type { EngineByName } from './generate.js';
import { holdForMarks } from './hold.js';
import { once } from './once.js';
import type { Step } from './step.js';

/** Who signs, and in whose name. */
export interface Signing {
  pool: CredentialsPool;
  /** The signer to use now. */
  signer: () => Promise<ClaimSigner>;
  timeStamper: TimeStamper;
  revocation: RevocationSource;
  generator: { name: string; version: string };
}

/** What the label of a clip says, as it was applied. */
function disclosureOf(clip: Clip): Disclosure | undefined {
  if (clip.label === null) return undefined;
  const { cues, language, delivery } = AppliedLabel.parse(clip.label);
  const text = [...new Set(cues.map((cue) => cue.text))];
  return text.length ? { text, language, delivery } : undefined;
}

/** Adds time-stamped content credentials with the watermark as soft binding (C2PA 2.x). */
export class SignStep implements Step {
  readonly name = 'sign';
  readonly from = ['signing'] as const;
  readonly fail = (_clip: Clip, error: unknown) => holdForMarks(error);

  constructor(
    private readonly database: Database,
    private readonly files: { blobs: BlobStore; scratch: ScratchSpace },
    private readonly signing: Signing,
    private readonly engine: EngineByName,
    private readonly clock: Clock,
  ) {}

  async work(clip: Clip): Promise<Move> {
    const { pool, timeStamper, revocation, generator } = this.signing;
    const { name, version, digitalSourceType } = this.engine(clip.engine).describe();
    const output = await this.files.scratch.file('mp4');
    let input: LocalFile | undefined;
    let parent: LocalFile | undefined;
    try {
      input = await this.files.blobs.localPath(clip.markedSha256!);
      parent = await this.parentFile(clip);
      const signed = await pool.sign({
        inputPath: input.path,
        outputPath: output.path,
        mime: 'video/mp4',
        title: `${clip.id}.mp4`,
        releaseId: clip.releaseId,
        softBinding: { alg: SOFT_BINDING_ALG, value: softBindingValue(clip.releaseId) },
        generator,
        softwareAgent: { name, version },
        digitalSourceType,
        createdAt: this.clock.now().toISOString(),
        parent: parent && { path: parent.path, mime: 'video/mp4', title: `${clip.remixedFrom}.mp4` },
        disclosure: disclosureOf(clip),
        // Asked before the pool asks for trust, which then knows its certificate.
        signer: await this.signing.signer(),
        timeStamper,
        revocation,
      });
      const asset = await this.files.blobs.put(output.path, { move: true });
      const manifest = await this.files.blobs.put(once(signed.manifest));
      return {
        to: 'rereading',
        actor: 'worker',
        patch: { signedSha256: asset.sha256, manifestSha256: manifest.sha256, manifestId: signed.manifestId },
        data: { manifestId: signed.manifestId, signedAt: signed.signedAt },
      };
    } finally {
      await input?.release();
      await output.dispose();
      await parent?.release();
    }
  }

  /** The released file that this clip was made from. When it was deleted since, the credentials go without it. */
  private async parentFile(clip: Clip): Promise<LocalFile | undefined> {
    if (!clip.remixedFrom) return undefined;
    // What holds the parent's own pictures must not outlive it.
    if (clip.derivation !== 'remix' && clip.derivation !== null) await unchangedParent(this.database, clip);
    const { assetSha256 } = await this.database.release.findUniqueOrThrow({ where: { clipId: clip.remixedFrom } });
    return (await this.files.blobs.has(assetSha256)) ? this.files.blobs.localPath(assetSha256) : undefined;
  }
}
