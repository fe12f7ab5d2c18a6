import type { LogEvidence } from './maker.js';

/** Gives of a published entry its proof and its bytes; `LogReader` of `#domain/transparency` is one. */
export interface PublishedLog {
  proof: (index: number) => Promise<string | null>;
  entry: (index: number) => Promise<Uint8Array | null>;
}

/**
 * The evidence that an entry is in the log of this deployment.
 * @param verifierKey `name+hex8+base64`, as `logVerifierKey` gives it
 */
export function logEvidenceFrom(
  log: PublishedLog,
  verifierKey: string,
): (index: number) => Promise<LogEvidence | null> {
  return async (index) => {
    const [proof, entry] = await Promise.all([log.proof(index), log.entry(index)]);
    if (!proof || !entry) return null;
    return { proof, entry: Buffer.from(entry).toString('utf8'), verifierKey };
  };
}
