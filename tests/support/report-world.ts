import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { canonicalJson, systemClock } from '#kernel';
import type { LogLeaf, VerifyReport } from '#contracts';
import { createExaminer } from '#domain/examination';
import { Verifier, verdictOf, type RegisteredAs, type RegisteredRelease } from '#domain/provenance';
import { logEvidenceFrom, ReportFiles, type LogEvidence } from '#domain/reports';
import { createCredentialsPool, localTimeStamper } from '#engines/credentials';
import { formatCheckpoint, formatProof, inclusionProof, leafHash, NoteSigner, signNote } from '#engines/tlog';
import { createScratch } from '#platform/storage';
import { createWorld, RELEASE } from '../../libs/engines/credentials/testing.js';
import { MemoryTree } from '../../libs/engines/tlog/testing/memory-log.js';

/** Entries of the test log before and after the release. */
const OTHERS = 3;
export const ORIGIN = 'log.example.org/releases';

const ed25519 = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

async function logged(manifestId: string): Promise<LogEvidence> {
  const hash = 'ab'.repeat(32);
  const leaf: LogLeaf = {
    v: 1,
    type: 'release',
    seq: OTHERS,
    time: '2026-11-22T12:00:00Z',
    releaseId: RELEASE,
    manifestId,
    manifestSha256: hash,
    assetSha256: hash,
    softBindings: [],
    parents: [],
    signerCertSha256: hash,
  };
  const entry = canonicalJson(leaf);
  const others = Array.from({ length: OTHERS }, (_, n) => leafHash(Buffer.from(`other ${n}`)));
  const tree = new MemoryTree();
  const { root } = await tree.append([...others, leafHash(Buffer.from(entry)), ...others]);
  const signer = NoteSigner.ed25519(ORIGIN, ed25519());
  const checkpointNote = signNote(formatCheckpoint({ origin: ORIGIN, size: tree.size, root }), [signer]);
  const proof = await inclusionProof(OTHERS, tree.size, tree.read);
  return { proof: formatProof({ index: OTHERS, proof, checkpointNote }), entry, verifierKey: signer.verifierKey };
}

/** A signed and logged clip, its examination, and the maker of its files. Nothing is mocked but the register and log. */
export async function createReportWorld() {
  const world = await createWorld();
  const clip = world.at('released.mp4');
  const pool = createCredentialsPool({ size: 1, trust: world.trust });
  const { manifestId, sha256 } = await pool.sign(world.request('released.mp4'));
  await pool.close();
  const examiner = createExaminer({ processes: 2, maxRssMb: 1500, timeoutMs: 60_000 });
  const release: RegisteredRelease = { id: RELEASE, releasedAt: '2026-11-22T12:00:01.000Z', withdrawnAt: null };
  const register = async (ids: { sha256: string; manifestId: string | null }): Promise<RegisteredAs> => ({
    bytes: ids.sha256 === sha256 ? release : null,
    manifest: ids.manifestId === manifestId ? release : null,
    watermark: null,
    named: [],
  });
  const evidence = await logged(manifestId);
  const verifier = new Verifier({
    examiner,
    keys: ['11'.repeat(32)],
    trust: () => world.trust,
    register,
    prints: null,
    log: null,
    clock: systemClock,
    ancestry: null,
    tool: { name: 'Imprimatur', version: '0.1.0', parts: [] },
  });
  const examined = await verifier.verify(clip, { timeoutMs: 60_000 });
  const log: VerifyReport['log'] = {
    state: 'included',
    origin: ORIGIN,
    index: OTHERS,
    size: 2 * OTHERS + 1,
    withdrawnAt: null,
    witnesses: [],
  };
  const registered = await register({ sha256, manifestId });
  const verdict = verdictOf({ ...examined, log, registered });
  const report: VerifyReport = { ...examined, file: { ...examined.file, name: 'clip.mp4' }, log, verdict };
  const opened: string[] = [];
  const files = (privateKeyPkcs8Pem = ed25519()) =>
    new ReportFiles(
      { privateKeyPkcs8Pem, since: new Date('2026-01-01'), timeStamper: localTimeStamper(world.pki.tsa) },
      {
        register,
        logEvidence: logEvidenceFrom(
          {
            proof: async (index) => (index === OTHERS ? evidence.proof : null),
            entry: async (index) => (index === OTHERS ? Buffer.from(evidence.entry) : null),
          },
          evidence.verifierKey,
        ),
        manifestStore: async () => null,
        trust: () => world.trust,
      },
      {
        examiner,
        timeoutMs: 60_000,
        releaseFile: async (id) => {
          opened.push(id);
          return { path: clip, release: async () => undefined };
        },
      },
      createScratch(join(world.folder, 'scratch')),
    );
  return { ...world, clip, examiner, release, report, files, opened, close: () => examiner.close() };
}
