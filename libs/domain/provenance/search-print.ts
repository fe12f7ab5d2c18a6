import { comparePictures, decodePicture, matchableFrames, NAMED_DISTANCE } from '#engines/fingerprint';
import { PrintsUnavailableError, type PrintSource } from './prints.js';

/** A release that a picture fingerprint was found in. */
export interface PrintHit {
  releaseId: string;
  /** Share of the fingerprint's frames that the release has in the same order, above 0 to 1. */
  share: number;
}

/** Frames of a release that must be found in a row, as in the search over all releases. */
const LEAST_FRAMES = 3;

/**
 * Releases whose pictures a stored fingerprint may be, those with most in common first. A fingerprint of fewer than three
 * frames that are not blank finds nothing.
 * @param print as `encodePicture` writes it
 * @throws PrintDamagedError `print_damaged`; PrintsUnavailableError when nothing was found and not all releases can be searched
 */
export async function searchPrint(source: PrintSource, print: Uint8Array): Promise<PrintHit[]> {
  const frames = matchableFrames(decodePicture(print).frames);
  await source.refresh();
  // Hashes of the mirrored frames are not in a stored fingerprint, and are not asked for.
  const ids = await source.searchPictures(frames.map((frame) => ({ ...frame, mirrored: frame.hash })));
  const kept = await source.of(ids);
  const hits = ids.flatMap((releaseId): PrintHit[] => {
    const picture = kept.get(releaseId)?.picture;
    if (!picture) return [];
    const runs = comparePictures(frames, picture, NAMED_DISTANCE, LEAST_FRAMES);
    const found = runs.reduce((sum, run) => sum + run.frames, 0);
    return found === 0 ? [] : [{ releaseId, share: Math.min(1, found / frames.length) }];
  });
  if (hits.length === 0 && source.unread > 0) {
    throw new PrintsUnavailableError(`${source.unread} of them cannot be read.`);
  }
  return hits.sort((a, b) => b.share - a.share);
}
