import type { Examiner } from '#domain/examination';
import { databaseAncestry, databaseLog, databaseRegister, Verifier, type ReleasePrints } from '#domain/provenance';
import { logEvidenceFrom, releaseFiles, ReportFiles } from '#domain/reports';
import { logVerifierKey, type LogReader } from '#domain/transparency';
import { VerificationRunner } from '#domain/verification';
import type { TimeStamper } from '#engines/credentials';
import { TOOL, type Core } from '#platform/core';

/** For each part of an examination, and for the whole way from a stranger's server. */
const VERIFY_TIMEOUT_MS = 110_000;
const VERIFY_FETCH_MS = 60_000;
const STORE_MS = 30_000;

/** What the examination of strangers' files stands on. */
export interface VerificationParts {
  core: Core;
  /** Processes that open nothing else. */
  examiner: Examiner;
  prints: ReleasePrints;
  log: LogReader;
  timeStamper: TimeStamper;
}

/** Examines the files of strangers against all that this deployment knows. */
function verifierOf({ core, examiner, prints, log }: VerificationParts): Verifier {
  const { database, keyring, trust, clock } = core;
  return new Verifier({
    examiner,
    keys: keyring.watermark.map(({ key }) => key),
    trust,
    register: databaseRegister(database),
    prints,
    log: databaseLog(database, log),
    clock,
    ancestry: databaseAncestry(database),
    onFault: (err) => core.logger.error({ err }, 'verification'),
    tool: TOOL,
  });
}

function reportsOf({ core, examiner, log, timeStamper }: VerificationParts): ReportFiles {
  const { keyring, database, blobs, scratch, trust } = core;
  return new ReportFiles(
    {
      privateKeyPkcs8Pem: keyring.report.privateKeyPkcs8Pem,
      since: new Date(keyring.createdAt),
      timeStamper,
      ...(core.config.VERIFY_FILES === 'json' && { only: 'json' as const }),
    },
    {
      register: databaseRegister(database),
      logEvidence: logEvidenceFrom(log, logVerifierKey(core)),
      manifestStore: (path) =>
        examiner.run('manifestStore', { path, mime: 'video/mp4', trust: trust() }, { timeoutMs: STORE_MS }),
      trust,
    },
    { examiner, timeoutMs: VERIFY_TIMEOUT_MS, releaseFile: releaseFiles(database, blobs) },
    scratch,
  );
}

/** Does the jobs of public verifications. */
export function verificationRunner(parts: VerificationParts): VerificationRunner {
  const { config, database, blobs, scratch, clock, logger } = parts.core;
  const verifier = verifierOf(parts);
  return new VerificationRunner({
    database,
    blobs,
    scratch,
    clock,
    examine: (path, name, onProgress) => verifier.verify(path, { timeoutMs: VERIFY_TIMEOUT_MS, name, onProgress }),
    maker: reportsOf(parts),
    fetch: { maxBytes: config.maxUploadBytes, timeoutMs: VERIFY_FETCH_MS },
    keepMs: config.VERIFY_KEEP_MINUTES * 60_000,
    actor: 'worker',
    onFault: (err, what) => logger.warn({ err }, what),
  });
}
