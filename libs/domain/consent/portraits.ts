import { readBlob } from '#platform/storage';
import type { ConsentParts } from './parts.js';

/** The picture of an enrolled person, JPEG, and the handle that they go by. */
export interface OpenedPortrait {
  picture: Uint8Array;
  handle: string | null;
}

/**
 * Opens the picture of an enrolled person, for an engine that draws them or for themselves. Null when they revoked: the
 * key is gone, or about to be.
 * @throws StorageError, KeyError when it cannot be read although it should be there
 */
export async function openPortrait(
  { database, keys, blobs }: Pick<ConsentParts, 'database' | 'blobs'> & { keys: Pick<ConsentParts['keys'], 'open'> },
  personId: string,
): Promise<OpenedPortrait | null> {
  const row = await database.likenessPerson.findUnique({ where: { id: personId } });
  if (row?.state !== 'enrolled' || !row.portraitSha256) return null;
  const key = await keys.open(personId);
  if (!key) return null;
  const sealed = await readBlob(blobs, row.portraitSha256);
  return { picture: key.open(sealed.toString('base64'), portraitContext(personId)), handle: row.handle };
}

/** What a portrait is sealed for. */
export function portraitContext(personId: string): string {
  return `portrait:${personId}`;
}
