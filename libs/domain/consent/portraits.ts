import type { ConsentParts } from './parts.js';
import { bytesOf } from './recordings.js';

/**
 * The picture of an enrolled person, JPEG, for an engine that draws them. Null when they revoked: the key is gone, or
 * about to be.
 * @throws StorageError, KeyError when it cannot be read although it should be there
 */
export async function openPortrait(
  { database, keys, blobs }: Pick<ConsentParts, 'database' | 'keys' | 'blobs'>,
  personId: string,
): Promise<Uint8Array | null> {
  const row = await database.likenessPerson.findUnique({ where: { id: personId } });
  if (row?.state !== 'enrolled' || !row.portraitSha256) return null;
  const key = await keys.open(personId);
  if (!key) return null;
  const sealed = await bytesOf(blobs, row.portraitSha256);
  return key.open(sealed.toString('base64'), portraitContext(personId));
}

/** What a portrait is sealed for. */
export function portraitContext(personId: string): string {
  return `portrait:${personId}`;
}
