import { HttpError, safeDownload, type AddressPolicy, type HttpErrorCode } from '#platform/http';
import { fault, type FaultCode } from './errors.js';
import { hashFile } from './files.js';

/** Limits of {@link fetchSubmission}. */
export interface FetchLimits extends AddressPolicy {
  maxBytes: number;
  timeoutMs: number;
}

const CODES: Record<HttpErrorCode, FaultCode> = {
  url_not_allowed: 'url_forbidden',
  upstream_timeout: 'url_timeout',
  upstream_unreachable: 'url_unreachable',
  response_too_large: 'url_too_large',
};

/**
 * Brings what lies at a stranger's address to `path`. What the server says of its type is not looked at.
 * @returns SHA-256 of the file
 * @throws VerificationError `url_*`; never a word about what the address resolved to
 */
export async function fetchSubmission(url: string, path: string, limits: FetchLimits): Promise<string> {
  let status: number;
  try {
    ({ status } = await safeDownload(url, path, { ...limits, redirect: 'follow' }));
  } catch (e) {
    if (e instanceof HttpError) throw fault(CODES[e.code], e);
    throw e;
  }
  if (status < 200 || status > 299) throw fault('url_refused');
  const { sha256, bytes } = await hashFile(path);
  if (bytes === 0) throw fault('url_empty');
  return sha256;
}
