import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf } from '#kernel';
import { ConfigError } from '#platform/config';

/** Certificates of authorities that an operator chose to believe, PEM. */
export interface TrustLists {
  /** Of signers other than this service, such as the public C2PA trust list. */
  anchorsPem: string[];
  /** Of time-stamping authorities. */
  tsaAnchorsPem: string[];
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function certificatesIn(setting: string, path: string | undefined): string[] {
  if (!path) return [];
  try {
    const blocks = readFileSync(path, 'utf8').match(BLOCK) ?? [];
    if (!blocks.length) throw new Error('it holds no certificate');
    return blocks.map((block) => new X509Certificate(block).toString());
  } catch (e) {
    throw new ConfigError(`  ${setting}: ${path} is not a list of certificates in PEM: ${messageOf(e)}`);
  }
}

/**
 * Reads the trust lists that the configuration names.
 * @throws ConfigError when a file cannot be read: a list that is silently empty would call trusted signers unknown
 */
export function readTrustLists(config: { TRUST_LIST_FILE?: string; TSA_TRUST_LIST_FILE?: string }): TrustLists {
  return {
    anchorsPem: certificatesIn('TRUST_LIST_FILE', config.TRUST_LIST_FILE),
    tsaAnchorsPem: certificatesIn('TSA_TRUST_LIST_FILE', config.TSA_TRUST_LIST_FILE),
  };
}
