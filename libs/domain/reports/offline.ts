import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { messageOf } from '#kernel';
import type { VerifyReport } from '#contracts';
import type { Examiner } from '#domain/examination';
import {
  checkFiles,
  checkKey,
  checkLog,
  checkReport,
  checkRow,
  checkStamp,
  type OfflineCheck,
  type OfflineCheckName,
} from './checks.js';
import { readBundle, type ReadBundle } from './read.js';
import { keyOf } from '#platform/keys';
import { unpackBundle } from './unpack.js';

/** How a bundle is checked. */
export interface OfflineOptions {
  /** Time of validation: the authority that stamped is judged then. */
  at: Date;
  /** SHA-256 of the key that signs reports, from outside the bundle, hex; null when none was named. */
  keySha256: string | null;
  /** The examined file, read again in the sandbox; `keys` are watermark keys of the service that made the report. */
  file?: { path: string; keys: string[]; examiner: Examiner; timeoutMs: number };
}

/** What checking a bundle gave. */
export interface OfflineResult {
  /** `same`: all holds and the row is the same. `differs`: something does not. `unable`: it cannot be told. */
  outcome: 'same' | 'differs' | 'unable';
  checks: OfflineCheck[];
  /** As stored. Believe it only when the outcome is `same`. */
  report: VerifyReport;
  reportSha256: string;
  keySha256: string;
  /** As computed here from the findings. */
  verdict: VerifyReport['verdict'];
}

async function checkFile({ report }: ReadBundle, path: string): Promise<OfflineCheck> {
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    sha256.update(chunk as Buffer);
    sha512.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  const { file } = report;
  const found = sha256.digest('hex');
  const same = found === file.sha256 && sha512.digest('hex') === file.sha512 && bytes === file.bytes;
  return { name: 'file', state: same ? 'holds' : 'differs', detail: `SHA-256 ${found}` };
}

type FileOptions = NonNullable<OfflineOptions['file']>;

async function attempt(name: OfflineCheckName, work: () => Promise<OfflineCheck>): Promise<OfflineCheck> {
  try {
    return await work();
  } catch (e) {
    return { name, state: 'unable', detail: messageOf(e) };
  }
}

function checkCredentials({ report, trust }: ReadBundle, { path, examiner, timeoutMs }: FileOptions) {
  return attempt('file_credentials', async () => {
    const found = await examiner.run('readCredentials', { path, mime: 'video/mp4', trust }, { timeoutMs });
    const stored = report.credentials;
    const fields = ['state', 'manifestId', 'softBinding', 'signatureSha256', 'signerCertificateSha256'] as const;
    const other = fields.filter((field) => found[field] !== stored[field]);
    const detail = other.map((field) => `${field}: ${String(found[field])}`).join('; ');
    // A reader that fails here says nothing against what was read there.
    const failed = found.state === 'unable' && stored.state !== 'unable';
    const state = failed ? 'unable' : other.length ? 'differs' : 'holds';
    return { name: 'file_credentials', state, ...(detail && { detail }) };
  });
}

function checkWatermark({ report }: ReadBundle, { path, keys, examiner, timeoutMs }: FileOptions) {
  return attempt('file_watermark', async () => {
    if (keys.length === 0) return { name: 'file_watermark', state: 'not_checked' };
    const stored = report.watermark;
    const read = (search: 'scale' | 'full') => examiner.run('readMark', { path, keys, search }, { timeoutMs });
    const same = (found: { state: string; releaseId: string | null }) =>
      found.state === stored.state && found.releaseId === stored.releaseId;
    let found = await read('scale');
    // The report may come from the longer search.
    if (!same(found) && stored.state === 'found') found = await read('full');
    const detail = `${found.state} ${found.releaseId ?? ''}`.trim();
    // As with the credentials: a reader that fails here says nothing against what was read there.
    const failed = found.state === 'unable' && stored.state !== 'unable';
    return { name: 'file_watermark', state: failed ? 'unable' : same(found) ? 'holds' : 'differs', detail };
  });
}

/** Whatever is not the same outweighs what cannot be told. */
function outcomeOf(checks: OfflineCheck[]): OfflineResult['outcome'] {
  if (checks.some(({ state }) => state === 'differs')) return 'differs';
  return checks.some(({ state }) => state === 'unable') ? 'unable' : 'same';
}

/** SHA-256 of the key that signed a bundle's report, hex: its own word. @throws ReportError as {@link verifyOffline} */
export async function signingKeyOf(bundlePath: string): Promise<string> {
  return keyOf(readBundle(await unpackBundle(bundlePath)).signed.signature);
}

/**
 * Checks a bundle without network and database: files, signatures, time stamp and log, and whether the same row follows
 * from the findings. With the examined file its hash is compared, and credentials and watermark are read again.
 * The keys in a bundle are the bundle's own word: without a key named from outside the outcome is at most `unable`.
 * @throws ReportError when the bundle cannot be opened
 */
export async function verifyOffline(bundlePath: string, options: OfflineOptions): Promise<OfflineResult> {
  const bundle = readBundle(await unpackBundle(bundlePath));
  const { verdict, ...row } = checkRow(bundle);
  const checks = [
    checkFiles(bundle),
    checkReport(bundle),
    checkKey(bundle, options.keySha256),
    checkStamp(bundle, options.at),
    checkLog(bundle),
    row,
  ];
  const { file } = options;
  if (file) {
    const same = await checkFile(bundle, file.path);
    checks.push(same);
    // Reading another file again would say nothing of this report.
    if (same.state === 'holds')
      checks.push(...(await Promise.all([checkCredentials(bundle, file), checkWatermark(bundle, file)])));
  }
  const { report, reportSha256, signed } = bundle;
  return { outcome: outcomeOf(checks), checks, report, reportSha256, keySha256: keyOf(signed.signature), verdict };
}
