import { type SignatureEvidence } from './evidence.js';
import { findingFrom, findingWithout } from './finding.js';
import { ingredientsOf } from './ingredients.js';
import { mediaTypeOf } from './media-type.js';
import { remoteManifestIn, remoteManifestOf } from './remote.js';
import { type LibraryIngredient, type LibraryReport } from './report.js';
import { releaseIdOf, SOFT_BINDING_ALG, softBindingValue } from './soft-binding.js';
import { cleanText } from './text.js';
import { type RegisteredLeaf, type TrustSettings } from './types.js';

const LABEL = 'urn:c2pa:0';
const RELEASE = '0123456789abcdef';
const trust: TrustSettings = { anchorsPem: [], tsaAnchorsPem: [], ours: { anchorsPem: [], registered: [] } };
const evidence: SignatureEvidence = {
  signed: true,
  intact: true,
  signedSha256: 'aa',
  leafSha256: 'ab',
  leaf: { sha256: 'ab', compromisedAt: null },
  anchoredOurs: true,
  anchoredOther: false,
  trustedTime: new Date('2026-06-01T00:00:00Z'),
  softBindings: [{ alg: SOFT_BINDING_ALG, values: [softBindingValue(RELEASE)] }],
};
const GOOD = ['claimSignature.validated', 'timeStamp.validated', 'timeStamp.trusted', 'assertion.bmffHash.match'];
const as = (codes: string[]) => codes.map((code) => ({ code }));

function report(state: string, success: string[], failure: string[] = []) {
  return {
    validation_state: state,
    manifests: { [LABEL]: { signature_info: { common_name: 'A\u0000\u202e<b>', issuer: 'x'.repeat(900) } } },
    validation_results: { activeManifest: { success: as(success), failure: as(failure), informational: [] } },
  } satisfies LibraryReport;
}

const found = (one: LibraryReport, changes: Partial<SignatureEvidence> = {}) =>
  findingFrom(one, LABEL, () => ({ ...evidence, ...changes }), trust);

describe('findingFrom', () => {
  it.each([
    ['all is there', {}, 'ours', 'ours'],
    ['our own check of the signature fails', { signed: false }, 'unknown_signer', 'nobody'],
    ['our own check of the assertions fails', { intact: false }, 'unknown_signer', 'nobody'],
    ['the leaf is not registered', { leaf: null }, 'unknown_signer', 'nobody'],
    ['the chain ends elsewhere', { anchoredOurs: false }, 'unknown_signer', 'nobody'],
    ['the chain ends at another listed root', { anchoredOurs: false, anchoredOther: true }, 'other_trusted', 'list'],
    ['the time is by nobody we trust', { trustedTime: null }, 'damaged', 'ours'],
  ] as const)('Trusted, and %s', (_name, changes, state, trustedBy) => {
    const finding = found(report('Trusted', GOOD), changes);
    expect(finding).toMatchObject({ state, trustedBy, softBinding: trustedBy === 'ours' ? RELEASE : null });
    expect(finding.signatureSha256).toBe('signed' in changes ? null : 'aa');
    expect(finding.signerCertificateSha256).toBe('signed' in changes ? null : 'ab');
  });

  it('needs the library and this room to agree', () => {
    expect(findingFrom(report('Trusted', GOOD), LABEL, () => null, trust)).toMatchObject({
      state: 'unknown_signer',
      trustedBy: null,
      softBinding: null,
    });
    expect(found(report('Valid', GOOD)).state).toBe('unknown_signer');
    expect(found(report('Invalid', GOOD)).state).toBe('damaged');
    expect(found({}).state).toBe('damaged');
  });

  it('does not repeat that a time is trusted when its authority is not on our list', () => {
    const finding = found(report('Trusted', GOOD), { anchoredOurs: false, trustedTime: null });
    expect(finding.signedAt).toBeNull();
    expect(finding.codes).toContain('timeStamp.untrusted');
    expect(finding.codes).not.toContain('timeStamp.trusted');
    const unstamped = GOOD.filter((code) => code !== 'timeStamp.trusted');
    expect(found(report('Trusted', unstamped)).signedAt).toBeNull();
  });

  it('separates changed content from a changed manifest', () => {
    const content = found(report('Invalid', GOOD, ['assertion.bmffHash.mismatch']));
    expect(content).toMatchObject({ state: 'mismatch', trustedBy: 'ours', softBinding: RELEASE });
    const both = ['assertion.bmffHash.mismatch', 'assertion.hashedURI.mismatch'];
    expect(found(report('Invalid', GOOD, both))).toMatchObject({
      state: 'damaged',
      trustedBy: 'nobody',
      softBinding: null,
    });
    const forged = found(report('Invalid', [], ['assertion.bmffHash.mismatch']));
    expect(forged).toMatchObject({ state: 'damaged', trustedBy: 'nobody' });
  });

  it('gives short and harmless text, and no release id from values that are none or several', () => {
    const finding = found(report('Trusted', GOOD), { softBindings: [{ alg: SOFT_BINDING_ALG, values: ['AAAA'] }] });
    expect(finding.softBinding).toBeNull();
    const two = [softBindingValue(RELEASE), softBindingValue('ffffffffffffffff')];
    expect(
      found(report('Trusted', GOOD), { softBindings: [{ alg: SOFT_BINDING_ALG, values: two }] }).softBinding,
    ).toBeNull();
    expect(finding.signer).toMatch(/^A<b> \(x+$/);
    expect(finding.signer).toHaveLength(200);
    expect(findingWithout('damaged', 'a\nb'.repeat(500)).detail).toHaveLength(200);
    expect(cleanText({})).toBe('');
  });
});

describe('the register of our leaves', () => {
  const with_ = (leaf: Partial<RegisteredLeaf>, changes: Partial<SignatureEvidence> = {}) =>
    found(report('Trusted', GOOD), { leaf: { sha256: 'ab', ...leaf }, ...changes });

  it('judges a compromise at the stamped time', () => {
    expect(with_({ compromisedAt: '2026-07-01T00:00:00Z' })).toMatchObject({
      state: 'ours',
      revocation: 'checked',
      detail: expect.stringMatching(/revoked later/) as unknown,
    });
    const revoked = { state: 'damaged', revocation: 'revoked', trustedBy: 'ours', softBinding: null };
    expect(with_({ compromisedAt: '2026-05-01T00:00:00Z' })).toMatchObject(revoked);
    expect(with_({ compromisedAt: 'no date' })).toMatchObject(revoked);
    expect(with_({ compromisedAt: '2026-07-01T00:00:00Z' }, { trustedTime: null })).toMatchObject(revoked);
    const content = report('Invalid', GOOD, ['assertion.bmffHash.mismatch']);
    const leaf = { sha256: 'ab', compromisedAt: '2026-05-01T00:00:00Z' };
    expect(found(content, { leaf })).toMatchObject({ state: 'mismatch', revocation: 'revoked', softBinding: null });
  });

  it('says whether it was asked', () => {
    expect(with_({ compromisedAt: null }).revocation).toBe('checked');
    expect(with_({}).revocation).toBe('not_checked');
  });

  it.each([
    [{ from: '2026-05-01T00:00:00Z', until: '2026-07-01T00:00:00Z' }, 'ours'],
    [{ from: '2026-06-01T00:04:00Z' }, 'ours'],
    [{ until: '2026-05-31T23:56:00Z' }, 'ours'],
    [{ from: '2026-06-01T00:06:00Z' }, 'damaged'],
    [{ until: '2026-05-31T23:54:00Z' }, 'damaged'],
    [{ from: 'no date' }, 'damaged'],
    [{ until: 'no date' }, 'damaged'],
  ] as const)('in use %j: %s', (window, state) => {
    expect(with_(window)).toMatchObject({ state, trustedBy: 'ours' });
  });
});

describe('ingredientsOf', () => {
  const manifests = (...ingredients: LibraryIngredient[]) => ({ manifests: { [LABEL]: { ingredients } } });
  const list = (one: LibraryReport, changes: Partial<SignatureEvidence> | null = {}) =>
    ingredientsOf(one, LABEL, () => changes && { ...evidence, ...changes }, trust).list;
  const parent = { active_manifest: 'p', title: 'P\n', label: 'c2pa.ingredient.v3', relationship: 'parentOf' };

  it.each([
    ['ours', {}, 'ours'],
    ['unregistered', { leaf: null }, 'other'],
    ["a stranger's", { anchoredOurs: false }, 'other'],
    ['unstamped', { trustedTime: null }, 'broken'],
    ['stamped after the compromise', { leaf: { sha256: 'ab', compromisedAt: '2026-01-01' } }, 'broken'],
    ['not what was signed', { intact: false }, 'broken'],
    ['with a forged signature', { signed: false }, 'broken'],
    ['not there', null, 'broken'],
  ] as const)('whose manifest is %s', (_name, changes, state) => {
    expect(list(manifests(parent), changes)).toEqual([
      {
        title: 'P',
        relationship: 'parentOf',
        manifestId: 'p',
        signer: null,
        usedBy: LABEL,
        state,
        softBinding: state === 'ours' ? RELEASE : null,
      },
    ]);
  });

  it('believes a recorded fault, whoever recorded it, and what the library found', () => {
    const states = (one: LibraryReport) => list(one).map(({ state }) => state);
    const recorded = (code: string) => states(manifests({ ...parent, validation_status: as([code]) }));
    expect(recorded('assertion.bmffHash.mismatch')).toEqual(['broken']);
    expect(recorded('signingCredential.untrusted')).toEqual(['ours']);
    const results = { activeManifest: { failure: as(['claimSignature.mismatch']) } };
    expect(states(manifests({ ...parent, validation_results: results }))).toEqual(['broken']);
    const deltas = (name: string) => ({
      ...manifests(parent),
      validation_results: {
        ingredientDeltas: [
          {
            ingredientAssertionURI: `self#jumbf=/c2pa/${LABEL}/c2pa.assertions/${name}`,
            validationDeltas: { failure: as(['ingredient.manifest.missing']) },
          },
        ],
      },
    });
    expect(states(deltas('c2pa.ingredient.v3'))).toEqual(['broken']);
    expect(states(deltas('c2pa.ingredient.v3__1'))).toEqual(['ours']);
    expect(states(manifests({ title: 'x' }))).toEqual(['none']);
    expect(states(manifests({ title: 'x', validation_status: as(['claim.malformed']) }))).toEqual(['broken']);
  });

  it('ends, however the manifests name each other', () => {
    const ring = { a: { ingredients: [{ active_manifest: LABEL }] }, p: { ingredients: [{ active_manifest: 'a' }] } };
    const one = { manifests: { ...manifests(parent).manifests, ...ring } };
    expect(list(one).map(({ manifestId }) => manifestId)).toEqual(['p', 'a', LABEL]);
    // Nobody answers for the list of a broken one.
    expect(list(one, { intact: false })).toHaveLength(1);
    const wide = { manifests: { [LABEL]: { ingredients: Array.from({ length: 500 }, () => parent) } } };
    expect(list(wide)).toHaveLength(64);
  });
});

describe('remote manifests', () => {
  const inFile = (text: string) => remoteManifestIn(Buffer.from(`....${text}....`));
  const url = 'https://example.org/a(b).c2pa?x=1&y=2';

  it('reads the whole address', () => {
    const escaped = url.replace('&', '&amp;');
    expect(inFile(`dcterms:provenance="${escaped}"`)).toBe(url);
    expect(inFile(`dcterms:provenance = '${escaped}'`)).toBe(url);
    expect(inFile(`<dcterms:provenance> ${escaped}\n</dcterms:provenance>`)).toBe(url);
    expect(inFile(`dcterms:provenance="self#jumbf=/c2pa/x" dcterms:provenance="${escaped}"`)).toBe(url);
    expect(inFile('dcterms:provenance="self#jumbf=/c2pa/x"')).toBeNull();
    expect(inFile('dcterms:provenance="javascript:alert(1)"')).toBeNull();
    expect(inFile('dcterms:provenance')).toBeNull();
    expect(remoteManifestOf(`C2pa(RemoteManifestUrl("${url}"))`)).toBe(url);
    expect(remoteManifestOf('C2pa(JumbfNotFound)')).toBeNull();
  });

  it('states 2000 characters without controls', () => {
    const finding = findingWithout('damaged', 'x', `https://a/\u202e${'x'.repeat(5000)}`);
    expect(finding.remoteManifest).toMatch(/^https:\/\/a\/x+$/);
    expect(finding.remoteManifest).toHaveLength(2000);
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
