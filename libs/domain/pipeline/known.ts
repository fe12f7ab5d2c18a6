import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { BankMatch } from '#contracts';
import { bankSignals, type BankIndex, type BankMatcher, type FoundMatch } from '#domain/hash-banks';
import type { KnownPictures } from './inspect.js';

/** MD5 and SHA-1 of a file: lists of whole files are made with them. No security rests on either. */
async function oldHashes(path: string): Promise<{ md5: string; sha1: string }> {
  const [md5, sha1] = [createHash('md5'), createHash('sha1')];
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      md5.update(chunk);
      sha1.update(chunk);
    }
  });
  return { md5: md5.digest('hex'), sha1: sha1.digest('hex') };
}

/** A match as it may be kept with a clip: what stands in shared banks is not told to their users. */
function shown(match: FoundMatch): BankMatch {
  return BankMatch.parse(match.shared ? { ...match, bankHash: null, label: null } : match);
}

/** The hash banks as the inspection asks them. */
export function bankedPictures(matcher: BankMatcher, index: Pick<BankIndex, 'refresh'>): KnownPictures {
  return {
    lookUp: (clip, path) => async (fingerprint) => {
      // What was refused a moment ago counts already; an index that cannot be refreshed says so itself.
      await index.refresh().catch(() => undefined);
      const found = await matcher.lookUp(clip.tenantId, fingerprint, { id: clip.id, ...(await oldHashes(path)) });
      return { matches: found.matches.map((match) => shown(match)), signals: bankSignals(found) };
    },
  };
}
