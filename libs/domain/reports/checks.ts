import { canonicalJson, messageOf, sha256Hex } from '#kernel';
import type { VerifyReport } from '#contracts';
import { checkTimeStamp } from '#engines/credentials';
import { leafHash, parseVerifierKey, verifyProof } from '#engines/tlog';
import { logSubject, registryFinding, verdictOf } from '#domain/provenance';
import type { ReadBundle } from './read.js';
import { keyOf, signatureHolds } from '#platform/keys';

/** What is checked of a bundle, in this order. */
export type OfflineCheckName =
  'files' | 'report' | 'key' | 'time_stamp' | 'log' | 'row' | 'file' | 'file_credentials' | 'file_watermark';

/** `holds`; `differs`: something is not what it was; `unable`: tried or needed, and cannot be told; `not_checked`: not asked for. */
export type OfflineState = 'holds' | 'differs' | 'unable' | 'not_checked';

/** One check and what it gave. `detail` is English and may hold text from the bundle: show it with care. */
export interface OfflineCheck {
  name: OfflineCheckName;
  state: OfflineState;
  detail?: string;
}

const check = (name: OfflineCheckName, fault: string | null | undefined): OfflineCheck =>
  fault ? { name, state: 'differs', detail: fault } : { name, state: 'holds' };

/** The signed index names exactly the files that are there, each with its hash. */
export function checkFiles({ entries, index, indexSha256 }: ReadBundle): OfflineCheck {
  const { files } = index.index;
  if (!signatureHolds(index.signature, 'bundle', indexSha256)) return check('files', 'the signature of index.json');
  const listed = new Map(files.map((file) => [file.name, file]));
  const wrong = [...entries].filter(([name, bytes]) => {
    const file = listed.get(name);
    return name !== 'index.json' && (file?.sha256 !== sha256Hex(bytes) || file.bytes !== bytes.length);
  });
  const gone = files.filter(({ name }) => !entries.has(name as never)).map(({ name }) => name);
  return check('files', [...wrong.map(([name]) => name), ...gone].join(', '));
}

/** Hash and signature of the report, under the key that signed the index. */
export function checkReport({ entries, index, signed, reportSha256 }: ReadBundle): OfflineCheck {
  const faults = [
    sha256Hex(entries.get('report-canonical.json')!) !== reportSha256 && 'report-canonical.json is another report',
    index.index.reportSha256 !== reportSha256 && 'index.json names another report',
    !signatureHolds(signed.signature, 'report', reportSha256) && 'the signature of the report does not hold',
    keyOf(signed.signature) !== keyOf(index.signature) && 'two keys have signed',
    !Buffer.from(entries.get('report.sig')!).equals(Buffer.from(signed.signature.value, 'base64')) && 'report.sig',
  ];
  return check('report', faults.filter(Boolean).join('; '));
}

/** Whether the key is the one that was named from outside the bundle. */
export function checkKey({ signed }: ReadBundle, expected: string | null): OfflineCheck {
  const found = keyOf(signed.signature);
  if (!expected) return { name: 'key', state: 'unable', detail: found };
  return check('key', expected.toLowerCase() === found ? null : found);
}

/** The time stamp, with the authorities of the bundle judged at a given time. */
export function checkStamp({ entries, signed, trust }: ReadBundle, at: Date): OfflineCheck {
  try {
    const token = Buffer.from(signed.timeStamp, 'base64');
    if (!token.equals(Buffer.from(entries.get('time-stamp.der')!))) return check('time_stamp', 'time-stamp.der');
    const canonical = entries.get('report-canonical.json')!;
    const { time, authority, trusted } = checkTimeStamp(token, canonical, trust.tsaAnchorsPem, at);
    const told = `${time.toISOString()}, ${authority}`;
    return { name: 'time_stamp', state: trusted ? 'holds' : 'differs', detail: told };
  } catch (e) {
    return check('time_stamp', messageOf(e));
  }
}

function logFault({ report, signals, log }: ReadBundle & { log: NonNullable<ReadBundle['log']> }): string | null {
  const { leaf, entry, proof, verifierKey } = log;
  const about = logSubject({ ...report, registered: signals.registered });
  if (canonicalJson(leaf) !== Buffer.from(entry).toString('utf8')) return 'log-entry.json is not as it was hashed';
  if (leaf.type !== 'release' && leaf.type !== 'remix') return 'log-entry.json tells of no release';
  if (leaf.releaseId !== about?.id) return 'log-entry.json tells of another release';
  const key = parseVerifierKey(verifierKey);
  const found = verifyProof({ proofText: proof, leafHash: leafHash(entry), verifiers: [key], origin: key.name });
  if (report.log.origin !== null && report.log.origin !== key.name) return 'it is another log';
  if (report.log.index !== null && report.log.index !== found.index) return 'it is another entry';
  return null;
}

/** The evidence of the public log, where the report says that the release is in it. */
export function checkLog(bundle: ReadBundle): OfflineCheck {
  const { log, report } = bundle;
  const said = report.log.state === 'included' || report.log.state === 'withdrawn';
  if (!log) return { name: 'log', state: said ? 'unable' : 'not_checked' };
  try {
    return check('log', logFault({ ...bundle, log }));
  } catch (e) {
    return check('log', messageOf(e));
  }
}

/** The row, computed anew from the findings and the register's answer. */
export function checkRow({ report, signals }: ReadBundle): OfflineCheck & { verdict: VerifyReport['verdict'] } {
  const verdict = verdictOf({ ...report, registered: signals.registered });
  const registry = registryFinding(signals.registered);
  const faults = [
    canonicalJson(verdict) !== canonicalJson(report.verdict) && `computed: ${verdict.row ?? '-'} ${verdict.code}`,
    (registry.state !== report.registry.state || registry.releaseId !== report.registry.releaseId) &&
      'the finding of the register',
  ];
  return { ...check('row', faults.filter(Boolean).join('; ')), verdict };
}
