import type { CredentialsFinding, FingerprintFinding, LogFinding, Segment, WatermarkFinding } from '#contracts';
import {
  fingerprintNotRun,
  LOG_NOT_RUN,
  type RegisteredAs,
  type RegisteredRelease,
  type VerdictInput,
} from '#domain/provenance';
import { noCredentials, noMark } from './report.js';

export const R1: RegisteredRelease = {
  id: '1111111111111111',
  releasedAt: '2026-11-01T10:00:00.000Z',
  withdrawnAt: null,
};
export const R2: RegisteredRelease = {
  id: '2222222222222222',
  releasedAt: '2026-11-02T10:00:00.000Z',
  withdrawnAt: null,
};

export const credentials = (
  state: CredentialsFinding['state'],
  more: Partial<CredentialsFinding> = {},
): CredentialsFinding => ({ ...noCredentials, state, ...more });

/** Credentials that name a valid manifest of ours among what the clip was made from. */
export const remixOf = (state: CredentialsFinding['state'], id: string): CredentialsFinding =>
  credentials(state, {
    ingredients: [
      {
        title: 'x',
        relationship: 'componentOf',
        manifestId: 'urn:c2pa:x',
        signer: 'x',
        state: 'ours',
        softBinding: id,
      },
    ],
  });

export const watermark = (state: WatermarkFinding['state'], id = R1.id): WatermarkFinding => ({
  ...noMark,
  state,
  releaseId: state === 'found' ? id : null,
});

export const log = (state: LogFinding['state'], withdrawnAt: string | null = null): LogFinding => ({
  ...LOG_NOT_RUN,
  state,
  withdrawnAt,
});

export const print = (state: FingerprintFinding['state'], releaseId: string | null = null): FingerprintFinding => ({
  ...fingerprintNotRun('picture'),
  state,
  releaseId,
});

export const segment = (
  state: Segment['state'],
  by: Segment['by'] = [],
  releaseId: string | null = null,
  track: Segment['track'] = 'picture',
): Segment => ({ track, startS: 0, endS: 4.5, state, releaseId, releaseStartS: null, by });

export const registered = (more: Partial<RegisteredAs> = {}): RegisteredAs => ({
  bytes: null,
  manifest: null,
  watermark: null,
  named: [],
  ...more,
});

/** Signals of a file of which nothing is known, every check made, with changes. */
export const signals = (change: Partial<VerdictInput> = {}): VerdictInput => ({
  credentials: credentials('none'),
  watermark: watermark('none'),
  registered: registered(),
  log: log('not_run'),
  fingerprint: { picture: print('none'), sound: print('none') },
  segments: [],
  ...change,
});
