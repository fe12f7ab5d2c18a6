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
import { once, type BlobStore, type LocalFile, type ScratchSpace } from '#platform/storage';
import { unchangedParent, type Move } from '#domain/gate';
import type { EngineByName } from './generate.js';
import { holdForMarks } from './hold.js';
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

/** The file that a clip was made from; its credentials become an ingredient. */
interface Parent {
  file: LocalFile;
  title: string;
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
    let parent: Parent | undefined;
    try {
      input = await this.files.blobs.localPath(clip.markedSha256!);
      parent = (await this.parentFile(clip)) ?? (await this.signedSource(clip));
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
        parent: parent && { path: parent.file.path, mime: 'video/mp4', title: parent.title },
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
      await parent?.file.release();
    }
  }

  /** The released file that this clip was made from. When it was deleted since, the credentials go without it. */
  private async parentFile(clip: Clip): Promise<Parent | undefined> {
    if (!clip.remixedFrom) return undefined;
    // What holds the parent's own pictures must not outlive it.
    if (clip.derivation !== 'remix' && clip.derivation !== null) await unchangedParent(this.database, clip);
    const { assetSha256 } = await this.database.release.findUniqueOrThrow({ where: { clipId: clip.remixedFrom } });
    if (!(await this.files.blobs.has(assetSha256))) return undefined;
    return { file: await this.files.blobs.localPath(assetSha256), title: `${clip.remixedFrom}.mp4` };
  }

  /** The file as the engine gave it, where the engine had signed it: what it says of itself is kept as an ingredient. */
  private async signedSource(clip: Clip): Promise<Parent | undefined> {
    if (!clip.sourceSha256) return undefined;
    const file = await this.files.blobs.localPath(clip.sourceSha256);
    const { state } = await this.signing.pool.read({ path: file.path, mime: 'video/mp4' });
    if (state !== 'none' && state !== 'unable') return { file, title: `${clip.engine}.mp4` };
    await file.release();
    return undefined;
  }
}
