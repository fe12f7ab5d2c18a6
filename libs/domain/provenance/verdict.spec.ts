import type { CredentialsFinding, WatermarkFinding } from '#contracts';
import { registryFinding, verdictOf, type RegisteredAs } from './verdict.js';

const R1 = { id: '1111111111111111', releasedAt: '2026-11-01T10:00:00.000Z' };
const R2 = { id: '2222222222222222', releasedAt: '2026-11-02T10:00:00.000Z' };
const credentials = (
  state: CredentialsFinding['state'],
  more: Partial<CredentialsFinding> = {},
): CredentialsFinding => ({
  state,
  manifestId: null,
  signer: null,
  signedAt: null,
  softBinding: null,
  codes: [],
  revocation: 'not_checked',
  signatureSha256: null,
  signerCertificateSha256: null,
  trustedBy: null,
  ingredients: [],
  remoteManifest: null,
  ...more,
});
const watermark = (state: WatermarkFinding['state']): WatermarkFinding => ({
  state,
  releaseId: state === 'found' ? R1.id : null,
  z: 20,
  threshold: 13.5,
  falsePositiveBound: 1e-10,
  framesUsed: 10,
  geometry: null,
});
const registered = (more: Partial<RegisteredAs>): RegisteredAs => ({
  bytes: null,
  manifest: null,
  watermark: null,
  ...more,
});
const code = (c: CredentialsFinding, w: WatermarkFinding, r: RegisteredAs | null) =>
  verdictOf({ credentials: c, watermark: w, registered: r }).code;

describe('verdict', () => {
  it.each([
    [
      'exact copy',
      credentials('ours'),
      watermark('found'),
      registered({ bytes: R1, manifest: R1, watermark: R1 }),
      'released_exact',
    ],
    [
      'repackaged',
      credentials('ours'),
      watermark('found'),
      registered({ manifest: R1, watermark: R1 }),
      'released_repackaged',
    ],
    ['signed, not registered', credentials('ours'), watermark('none'), registered({}), 'signed_but_not_registered'],
    [
      'revoked signer',
      credentials('ours', { revocation: 'revoked' }),
      watermark('none'),
      registered({ manifest: R1 }),
      'signed_but_not_registered',
    ],
    [
      'credentials of one, mark of another',
      credentials('ours'),
      watermark('found'),
      registered({ manifest: R2, watermark: R1 }),
      'conflicting',
    ],
    ['stripped copy', credentials('none'), watermark('found'), registered({ watermark: R1 }), 'derived'],
    ['mark of nobody', credentials('none'), watermark('found'), registered({}), 'no_evidence'],
    [
      'changed content',
      credentials('mismatch', { softBinding: R1.id }),
      watermark('found'),
      registered({ manifest: R1, watermark: R1 }),
      'credentials_do_not_match_content',
    ],
    [
      'transplanted credentials',
      credentials('mismatch', { softBinding: R1.id }),
      watermark('none'),
      registered({ manifest: R1 }),
      'credentials_on_other_content',
    ],
    [
      'transplanted on another release',
      credentials('mismatch', { softBinding: R2.id }),
      watermark('found'),
      registered({ manifest: R2, watermark: R1 }),
      'conflicting',
    ],
    [
      'a forged manifest that names a release',
      credentials('mismatch'),
      watermark('none'),
      registered({ manifest: R1 }),
      'credentials_damaged',
    ],
    ['another signer', credentials('unknown_signer'), watermark('none'), registered({}), 'signed_by_other'],
    [
      'another signer over our pictures',
      credentials('other_trusted'),
      watermark('found'),
      registered({ watermark: R1 }),
      'derived',
    ],
    ['damaged', credentials('damaged'), watermark('none'), registered({}), 'credentials_damaged'],
    ['nothing', credentials('none'), watermark('none'), registered({}), 'no_evidence'],
    ['mark unreadable', credentials('none'), watermark('unable'), registered({}), 'unable'],
    ['credentials unreadable', credentials('unable'), watermark('none'), registered({}), 'unable'],
    ['no register', credentials('ours'), watermark('found'), null, 'unable'],
  ] as const)('%s', (_name, c, w, r, expected) => {
    expect(code(c, w, r)).toBe(expected);
  });

  it('over all combinations: says "released" only of our valid credentials on a registered manifest', () => {
    const states = ['ours', 'other_trusted', 'unknown_signer', 'mismatch', 'damaged', 'none', 'unable'] as const;
    const optional = [null, R1, R2];
    let seen = 0;
    for (const state of states)
      for (const mark of ['found', 'none', 'unable'] as const)
        for (const bytes of optional)
          for (const manifest of optional)
            for (const marked of optional)
              for (const asked of [true, false]) {
                const r = asked ? registered({ bytes, manifest, watermark: marked }) : null;
                const verdict = verdictOf({
                  credentials: credentials(state),
                  watermark: watermark(mark),
                  registered: r,
                });
                seen++;
                if (verdict.code.startsWith('released'))
                  expect([state, manifest !== null, asked]).toEqual(['ours', true, true]);
                if (verdict.code === 'no_evidence') expect([state, mark === 'unable']).toEqual(['none', false]);
                expect(verdict.text.en.length).toBeGreaterThan(20);
                expect(verdict.text.fr.length).toBeGreaterThan(20);
                expect(`${verdict.text.en} ${verdict.text.fr}`).not.toMatch(
                  /\b(real|authentic|fake|verified|genuine|authentique|vraie?|fausse|faux|vérifiée?|100 ?%)\b|✓|✔/iu,
                );
              }
    expect(seen).toBe(7 * 3 * 27 * 2);
  });

  it('reports the register by the strongest identifier', () => {
    expect(registryFinding(registered({ bytes: R1, watermark: R1 })).state).toBe('same_bytes');
    expect(registryFinding(registered({ watermark: R1 })).by).toBe('watermark');
    expect(registryFinding(registered({})).state).toBe('unknown');
    expect(registryFinding(null, 'down')).toMatchObject({ state: 'unable', detail: 'down' });
  });
});
