import type { SubjectKeys } from '#platform/keys';
import { z } from 'zod';
import type { EntryRow } from './view.js';

/** What is sealed with an entry. */
export const Details = z.object({
  names: z.array(z.string()),
  proof: z.string(),
  /** Of the reviewers, in order. */
  reasons: z.array(z.string()),
});
export type Details = z.infer<typeof Details>;

/** What the details of an entry are bound to. */
const detailsContext = (id: string) => `register:${id}:details`;
/** What the picture of an entry is bound to. */
export const imageContext = (id: string) => `register:${id}:image`;

/** Seals details under the entry's key. @throws KeyError */
export async function sealDetails(keys: SubjectKeys, id: string, details: Details): Promise<string> {
  const key = await keys.create(id);
  return key.seal(JSON.stringify(details), detailsContext(id));
}

/** The details of an entry; null once it is erased. @throws KeyError when they were altered */
export async function openDetails(
  keys: SubjectKeys,
  { id, detailsSealed }: Pick<EntryRow, 'id' | 'detailsSealed'>,
): Promise<Details | null> {
  const key = detailsSealed === null ? null : await keys.open(id);
  if (!key || detailsSealed === null) return null;
  return Details.parse(JSON.parse(key.open(detailsSealed, detailsContext(id)).toString('utf8')));
}
