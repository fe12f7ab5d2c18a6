import type { LogReader } from '#domain/transparency';
import type { LogEvidence } from './maker.js';

/**
 * The evidence that an entry is in the log of this deployment.
 * @param verifierKey `name+hex8+base64`, as `logVerifierKey` gives it
 */
export function logEvidenceFrom(
  reader: Pick<LogReader, 'proof' | 'entry'>,
  verifierKey: string,
): (index: number) => Promise<LogEvidence | null> {
  return async (index) => {
    const [proof, entry] = await Promise.all([reader.proof(index), reader.entry(index)]);
    return proof && entry && { proof, entry: Buffer.from(entry).toString('utf8'), verifierKey };
  };
}
