import { type SignatureEvidence } from './evidence.js';
import { cleanText, findingFrom, findingWithout, type LibraryReport } from './finding.js';
import { mediaTypeOf } from './media-type.js';
import { releaseIdOf, SOFT_BINDING_ALG, softBindingValue } from './soft-binding.js';
import { type TrustSettings } from './types.js';

const LABEL = 'urn:c2pa:0';
const trust: TrustSettings = { anchorsPem: [], tsaAnchorsPem: [], ours: { anchorsPem: [], leafSha256: [] } };
const evidence: SignatureEvidence = {
  signed: true,
  leafRegistered: true,
  anchoredOurs: true,
  anchoredOther: false,
  serialHex: 'ab',
  trustedTime: new Date('2026-06-01T00:00:00Z'),
};
const GOOD = ['claimSignature.validated', 'timeStamp.validated', 'timeStamp.trusted', 'assertion.bmffHash.match'];

function report(
  state: string,
  success: string[],
  failure: string[] = [],
  value = softBindingValue('0123456789abcdef'),
) {
  const as = (codes: string[]) => codes.map((code) => ({ code }));
  const data = { alg: SOFT_BINDING_ALG, blocks: [{ scope: {}, value }] };
  return {
    validation_state: state,
    manifests: {
      [LABEL]: {
        assertions: [{ label: 'c2pa.soft-binding', data }],
        signature_info: { common_name: 'A\u0000\u202e<b>', issuer: 'x'.repeat(900) },
      },
    },
    validation_results: { activeManifest: { success: as(success), failure: as(failure), informational: [] } },
  } satisfies LibraryReport;
}

describe('findingFrom', () => {
  it.each([
    ['all is there', {}, 'ours'],
    ['our own check of the signature fails', { signed: false }, 'unknown_signer'],
    ['the leaf is not registered', { leafRegistered: false }, 'unknown_signer'],
    ['the chain ends elsewhere', { anchoredOurs: false }, 'unknown_signer'],
    ['the chain ends at another listed root', { anchoredOurs: false, anchoredOther: true }, 'other_trusted'],
    ['the time is by nobody we trust', { trustedTime: null }, 'damaged'],
  ] as const)('Trusted, and %s', (_name, changes, state) => {
    const finding = findingFrom(report('Trusted', GOOD), LABEL, { ...evidence, ...changes }, trust);
    expect(finding.state).toBe(state);
    expect(finding.softBinding === null).toBe(
      'anchoredOurs' in changes || 'signed' in changes || 'leafRegistered' in changes,
    );
  });

  it('needs the library and this room to agree', () => {
    expect(findingFrom(report('Trusted', GOOD), LABEL, null, trust).state).toBe('unknown_signer');
    expect(findingFrom(report('Valid', GOOD), LABEL, evidence, trust).state).toBe('unknown_signer');
    expect(findingFrom(report('Invalid', GOOD), LABEL, evidence, trust).state).toBe('damaged');
    expect(findingFrom({}, LABEL, evidence, trust).state).toBe('damaged');
    const unstamped = GOOD.filter((code) => code !== 'timeStamp.trusted');
    expect(findingFrom(report('Trusted', unstamped), LABEL, evidence, trust)).toMatchObject({
      state: 'damaged',
      signedAt: null,
    });
  });

  it('separates changed content from a changed manifest', () => {
    const content = findingFrom(report('Invalid', GOOD, ['assertion.bmffHash.mismatch']), LABEL, evidence, trust);
    expect(content).toMatchObject({ state: 'mismatch', softBinding: '0123456789abcdef' });
    const both = ['assertion.bmffHash.mismatch', 'assertion.hashedURI.mismatch'];
    expect(findingFrom(report('Invalid', GOOD, both), LABEL, evidence, trust)).toMatchObject({
      state: 'damaged',
      softBinding: null,
    });
    const forged = findingFrom(report('Invalid', [], ['assertion.bmffHash.mismatch']), LABEL, evidence, trust);
    expect(forged.state).toBe('damaged');
  });

  it('judges revocation at the stamped time', () => {
    const at = (compromisedAt: string) =>
      findingFrom(report('Trusted', GOOD), LABEL, evidence, {
        ...trust,
        revoked: [{ serialHex: '00:AB', compromisedAt }],
      });
    expect(at('2026-07-01T00:00:00Z')).toMatchObject({ state: 'ours', revocation: 'checked' });
    expect(at('2026-05-01T00:00:00Z')).toMatchObject({ state: 'damaged', revocation: 'revoked' });
    expect(at('no date')).toMatchObject({ state: 'damaged', revocation: 'revoked' });
    expect(findingFrom(report('Trusted', GOOD), LABEL, evidence, trust).revocation).toBe('not_checked');
  });

  it('gives short and harmless text, and no release id from a value that is none', () => {
    const finding = findingFrom(report('Trusted', GOOD, [], 'AAAA'), LABEL, evidence, trust);
    expect(finding.softBinding).toBeNull();
    expect(finding.signer).toMatch(/^A<b> \(x+$/);
    expect(finding.signer).toHaveLength(200);
    expect(findingWithout('damaged', 'a\nb'.repeat(500)).detail).toHaveLength(200);
    expect(cleanText({})).toBe('');
  });
});

describe('small parts', () => {
  it('codes release ids', () => {
    expect(releaseIdOf(softBindingValue('00ff00ff00ff00ff'))).toBe('00ff00ff00ff00ff');
    for (const bad of [
      null,
      3,
      '',
      'AAAAAAAAAAA',
      'AAAAAAAAAAAA',
      '!!!!!!!!!!!=',
      softBindingValue('00ff00ff00ff00ff') + ' ',
    ]) {
      expect(releaseIdOf(bad)).toBeNull();
    }
    expect(() => softBindingValue('00FF00ff00ff00ff')).toThrow(/16 lower-case/);
  });

  it('lets the first bytes decide the media type', () => {
    const head = (text: string) => Buffer.from(text.padEnd(16, '\0'), 'latin1');
    expect(mediaTypeOf(head('\xff\xd8\xff\xe0'), 'video/mp4')).toBe('image/jpeg');
    expect(mediaTypeOf(head('\0\0\0\x18ftypisom'), 'image/jpeg')).toBe('video/mp4');
    expect(mediaTypeOf(head('\0\0\0\x18ftypheic'), 'image/heic')).toBe('image/heic');
    expect(mediaTypeOf(head('RIFF\0\0\0\0WEBP'), 'video/mp4')).toBe('image/webp');
    expect(mediaTypeOf(head('whatever'), 'Video/MP4; codecs="avc1"')).toBe('video/mp4');
  });
});
