import type { VerifyReport, WatermarkFinding } from '#contracts';
import { fingerprintNotRun, LOG_NOT_RUN, verdictOf } from '#domain/provenance';
import { findingWithout } from '#engines/credentials';

export const noCredentials = findingWithout('none');

export const noMark: WatermarkFinding = {
  state: 'none',
  releaseId: null,
  z: 4,
  threshold: 13.5,
  falsePositiveBound: 2.9e-10,
  framesUsed: 30,
  geometry: null,
};

const fingerprint = { picture: fingerprintNotRun('picture'), sound: fingerprintNotRun('sound') };

/** The report of a file of which nothing is known, with changes. */
export function sampleReport(change: Partial<VerifyReport> = {}): VerifyReport {
  return {
    object: 'verification',
    id: 'ver_sample',
    at: '2026-01-02T03:04:05.000Z',
    file: { name: 'clip.mp4', sha256: 'ab'.repeat(32), sha512: 'cd'.repeat(64), bytes: 1_234_567, container: null },
    verdict: verdictOf({
      credentials: noCredentials,
      watermark: noMark,
      registered: { bytes: null, manifest: null, watermark: null, named: [] },
      log: LOG_NOT_RUN,
      fingerprint,
      segments: [],
    }),
    credentials: noCredentials,
    watermark: noMark,
    fingerprint,
    registry: { state: 'unknown', releaseId: null, releasedAt: null, by: null },
    log: LOG_NOT_RUN,
    segments: [],
    lineage: { nodes: [], edges: [] },
    checked: ['credentials', 'watermark', 'registry'],
    not_checked: ['picture_fingerprint', 'revocation'],
    failed: [],
    error_rates: [],
    limits: [],
    custody: [],
    tool: {
      name: 'Imprimatur',
      version: '0.1.0',
      parts: [],
      configSha256: 'ef'.repeat(32),
      trust: { sha256: '01'.repeat(32), anchors: 1 },
    },
    ...change,
  };
}
