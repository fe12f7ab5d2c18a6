import type { BindingMatch, MatchByContent, SoftBinding, VerifyReport } from '#contracts';
import { manifestAlone, releaseIdOf } from '#engines/credentials';
import { decodePicture, PrintDamagedError } from '#engines/fingerprint';
import type { Database } from '#platform/database';
import { readBlob, type BlobStore } from '#platform/storage';
import { z } from 'zod';
import { kindOf, type BindingKind } from './algorithms.js';
import { badValue, manifestNotFound, undecided } from './errors.js';
import { assertDecided, foundIn, type Found } from './matches.js';

/** Asks a worker which releases a picture fingerprint (stored form, base64) is found in. */
export type AskPrints = (print: string) => Promise<unknown>;

/** What a sender of a file asks for, checked before the file is read. */
export interface Wanted {
  kind?: BindingKind;
  /** Releases that the hint leads to; null without a hint. */
  hinted: string[] | null;
  maxResults: number;
}

/** A manifest store as it leaves. */
export interface StoredManifest {
  bytes: Uint8Array;
  contentType: 'application/c2pa';
}

const Hits = z.array(z.object({ releaseId: z.string(), share: z.number().min(0).max(1) }));

/** Finds the manifests of releases, those of withdrawn ones too: a withdrawal is told by the log and the register. */
export class Bindings {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly askPrints: AskPrints,
  ) {}

  /**
   * Manifests that a soft binding leads to, best first; empty when there is none.
   * @throws BindingError `algorithm_not_supported`, `binding_value_invalid`, `matches_undecided`
   */
  async byBinding(binding: SoftBinding, maxResults: number): Promise<BindingMatch[]> {
    return this.manifestsOf(await this.find(binding), maxResults);
  }

  /**
   * Checks what is asked of a file, and follows the hint.
   * @throws BindingError as {@link byBinding}
   */
  async wanted({ alg, hintAlg, hintValue, maxResults }: MatchByContent): Promise<Wanted> {
    const kind = alg === undefined ? undefined : kindOf(alg, 'alg');
    if (hintAlg === undefined || hintValue === undefined) return { kind, hinted: null, maxResults };
    const found = await this.find({ alg: hintAlg, value: hintValue }, true);
    return { kind, hinted: found.map(({ releaseId }) => releaseId), maxResults };
  }

  /**
   * Manifests that an examined file leads to, best first.
   * @throws BindingError `content_not_examined`, `matches_undecided` when nothing was found because a check could not be made
   */
  async byReport(report: VerifyReport, { kind, hinted, maxResults }: Wanted): Promise<BindingMatch[]> {
    const found = foundIn(report, kind).filter(({ releaseId }) => hinted === null || hinted.includes(releaseId));
    if (found.length === 0) assertDecided(report, kind);
    return this.manifestsOf(found, maxResults);
  }

  /**
   * The manifest store of the release whose active manifest has this name.
   * @param alone only that manifest, without those of its ingredients
   * @throws BindingError `manifest_not_found`; StorageError `blob_corrupt`
   */
  async manifest(manifestId: string, alone: boolean): Promise<StoredManifest> {
    const release = await this.database.release.findFirst({ where: { manifestId }, select: { manifestSha256: true } });
    if (!release) throw manifestNotFound();
    const store = await readBlob(this.blobs, release.manifestSha256);
    return { bytes: alone ? manifestAlone(store, manifestId) : store, contentType: 'application/c2pa' };
  }

  private async find({ alg, value }: SoftBinding, hint = false): Promise<Found[]> {
    const kind = kindOf(alg, hint ? 'hintAlg' : 'alg');
    const param = hint ? 'hintValue' : 'value';
    if (kind === 'fingerprint') return this.findPrint(value, param);
    const releaseId = releaseIdOf(value);
    if (releaseId === null) throw badValue(param, 'it has to be the 8 bytes that the mark carries.');
    return [{ releaseId, score: 100 }];
  }

  private async findPrint(value: string, param: 'value' | 'hintValue'): Promise<Found[]> {
    try {
      decodePicture(Buffer.from(value, 'base64'));
    } catch (e) {
      if (!(e instanceof PrintDamagedError)) throw e;
      throw badValue(param, 'it cannot be read as a picture fingerprint in its stored form, version 1.');
    }
    const hits = await this.askPrints(value).catch((e: unknown) => {
      throw undecided(e);
    });
    return Hits.parse(hits).map(({ releaseId, share }) => ({ releaseId, score: Math.max(1, Math.round(100 * share)) }));
  }

  /** Ids that were never issued lead nowhere. */
  private async manifestsOf(found: Found[], maxResults: number): Promise<BindingMatch[]> {
    if (found.length === 0) return [];
    const rows = await this.database.release.findMany({
      where: { id: { in: found.map(({ releaseId }) => releaseId) } },
      select: { id: true, manifestId: true },
    });
    const manifests = new Map(rows.map(({ id, manifestId }) => [id, manifestId]));
    return found
      .flatMap(({ releaseId, score }): BindingMatch[] => {
        const manifestId = manifests.get(releaseId);
        return manifestId === undefined ? [] : [{ manifestId, ...(score !== null && { similarityScore: score }) }];
      })
      .slice(0, maxResults);
  }
}
