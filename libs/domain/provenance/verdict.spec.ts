import { readFile } from 'node:fs/promises';
import { VerdictCode } from '#contracts';
import {
  credentials,
  log,
  print,
  R1,
  R2,
  registered,
  remixOf,
  segment,
  signals,
  watermark,
} from '../../../tests/support/signals.js';
import { partSentence, sentenceOf, withdrawnSentence } from './sentences.js';
import { registryFinding, type VerdictInput } from './signals.js';
import { verdictOf } from './verdict.js';

const near = (id: string, sound: 'none' | 'not_run' = 'not_run') => ({
  picture: print('near', id),
  sound: print(sound),
});
const notRun = { picture: print('not_run'), sound: print('not_run') };
const foundR1 = { watermark: watermark('found'), registered: registered({ watermark: R1, named: [R1, R2] }) };
const known = { registered: registered({ named: [R1, R2] }) };
const exact = {
  credentials: credentials('ours', { softBinding: R1.id }),
  watermark: watermark('found'),
  registered: registered({ bytes: R1, manifest: R1, watermark: R1 }),
  log: log('included'),
};
const repackaged = { ...exact, registered: registered({ manifest: R1, watermark: R1 }) };
const mismatch = {
  credentials: credentials('mismatch', { softBinding: R1.id }),
  registered: registered({ manifest: R1, named: [R2] }),
  log: log('included'),
};

describe('the rows of the table', () => {
  it.each<[number, Partial<VerdictInput>, string, RegExp]>([
    [1, exact, 'released_exact', /^Bit-exact copy of release 1{16}, generated through this service .* 2026-11-01\.$/],
    [2, repackaged, 'released_repackaged', /^Generated through this service .* the bytes around them differ\.$/],
    [3, { ...exact, log: log('missing') }, 'signed_but_not_registered', /No statement of origin .* suspect/],
    [4, { ...foundR1, fingerprint: near(R1.id), log: log('included') }, 'derived', /^Derived from .* pictures match/],
    [5, foundR1, 'identifier_on_other_pictures', /Identifiers can be copied\. Inconclusive/],
    [6, { ...known, fingerprint: near(R1.id) }, 'resembles', /^The pictures resemble .* does not show origin/],
    [7, { ...mismatch, fingerprint: near(R1.id) }, 'credentials_do_not_match_content', /^Credentials tampered/],
    [8, mismatch, 'credentials_on_other_content', /attached to different content/],
    [
      9,
      { ...exact, watermark: watermark('found', R2.id), registered: registered({ manifest: R1, watermark: R2 }) },
      'conflicting',
      /^Conflicting signs/,
    ],
    [10, { ...known, credentials: remixOf('other_trusted', R1.id) }, 'contains_ours', /^Contains material .* state\.$/],
    [11, { credentials: credentials('other_trusted') }, 'signed_by_other', /is on the trust list.* No evidence/],
    [11, { credentials: credentials('unknown_signer') }, 'signed_by_other', /is not on the trust list.* No evidence/],
    [12, {}, 'no_evidence', /^No evidence .* with or without AI\.$/],
    [
      13,
      { ...exact, log: log('withdrawn', '2026-11-20T00:00:00.000Z') },
      'released_exact',
      /^Release 1{16} was withdrawn by this service on 2026-11-20\. Bit-exact copy/,
    ],
    [14, { credentials: credentials('unable') }, 'unable', /could not be examined completely/],
  ])('row %i', (row, change, code, text) => {
    const verdict = verdictOf(signals(change));
    expect(verdict).toMatchObject({ row, code, needsReview: [5, 6, 9].includes(row) });
    expect(verdict.text.en).toMatch(text);
    const about = [1, 2, 3, 4, 5, 6, 7, 8, 10, 13].includes(row);
    expect(verdict.release).toEqual(about ? { id: R1.id, releasedAt: R1.releasedAt } : null);
    expect(verdict.withdrawnAt).toBe(row === 13 ? '2026-11-20T00:00:00.000Z' : null);
  });

  it('damaged credentials alone have no row', () => {
    expect(verdictOf(signals({ credentials: credentials('damaged') }))).toMatchObject({
      row: null,
      code: 'credentials_damaged',
      release: null,
    });
  });
});

describe('beside the table', () => {
  const lost = registered({ manifest: R1 });
  it.each<[string, Partial<VerdictInput>, string]>([
    ['our signature, not in the register', { ...exact, registered: registered() }, 'signed_but_not_registered'],
    [
      'our signature, revoked',
      { ...exact, credentials: credentials('ours', { revocation: 'revoked' }) },
      'signed_but_not_registered',
    ],
    [
      'our certificate without a trusted time',
      { credentials: credentials('damaged', { trustedBy: 'ours' }) },
      'signed_but_not_registered',
    ],
    ['our signature, mark unreadable', { ...exact, watermark: watermark('unable') }, 'released_exact'],
    ['our signature, log out of reach', { ...exact, log: log('unable') }, 'unable'],
    [
      'our signature, bytes of another release',
      { ...exact, registered: registered({ bytes: R2, manifest: R1 }) },
      'conflicting',
    ],
    [
      'our signature over another binding',
      { ...exact, credentials: credentials('ours', { softBinding: R2.id }) },
      'conflicting',
    ],
    ['the released bytes, credentials not ours', { registered: registered({ bytes: R1 }) }, 'conflicting'],
    ['a mark that nobody issued', { watermark: watermark('found') }, 'no_evidence'],
    ['a mark; pictures not compared', { ...foundR1, fingerprint: notRun }, 'derived'],
    ['a mark; the comparison failed', { ...foundR1, fingerprint: { ...notRun, picture: print('unable') } }, 'unable'],
    ['a mark of one, pictures of another', { ...foundR1, fingerprint: near(R2.id) }, 'conflicting'],
    ['a mark that the log does not know', { ...foundR1, fingerprint: near(R1.id), log: log('missing') }, 'conflicting'],
    [
      'a mark under credentials of another',
      { ...foundR1, fingerprint: notRun, credentials: credentials('other_trusted') },
      'derived',
    ],
    [
      'a mark in a part',
      { ...known, fingerprint: notRun, segments: [segment('ours', ['watermark'], R2.id)] },
      'derived',
    ],
    ['a likeness of a part', { ...known, segments: [segment('ours', ['fingerprint'], R2.id)] }, 'resembles'],
    [
      'a likeness of the sound',
      { ...known, fingerprint: { picture: print('none'), sound: print('near', R1.id) } },
      'resembles',
    ],
    ['a likeness to nothing registered', { fingerprint: near(R1.id) }, 'no_evidence'],
    ['a part that could not be read', { segments: [segment('unable')] }, 'unable'],
    ['sound that could not be compared', { fingerprint: { picture: print('none'), sound: print('unable') } }, 'unable'],
    [
      'changed content with its mark',
      { ...mismatch, ...foundR1, registered: registered({ manifest: R1, watermark: R1 }), fingerprint: notRun },
      'credentials_do_not_match_content',
    ],
    [
      'credentials and mark on other pictures',
      { ...mismatch, watermark: watermark('found'), registered: registered({ manifest: R1, watermark: R1 }) },
      'identifier_on_other_pictures',
    ],
    [
      'credentials of one on pictures with the mark of another',
      { ...mismatch, watermark: watermark('found', R2.id), registered: registered({ manifest: R1, watermark: R2 }) },
      'conflicting',
    ],
    [
      'a forged manifest that names a release',
      { credentials: credentials('mismatch'), registered: lost },
      'credentials_damaged',
    ],
    [
      'an unknown signer who names us as a source',
      { ...known, credentials: remixOf('unknown_signer', R1.id) },
      'signed_by_other',
    ],
    ['a source that the mark contradicts', { ...foundR1, credentials: remixOf('other_trusted', R2.id) }, 'conflicting'],
    ['no register', { ...exact, registered: null }, 'unable'],
    ['mark unreadable', { watermark: watermark('unable') }, 'unable'],
  ])('%s', (_name, change, code) => {
    expect(verdictOf(signals(change)).code).toBe(code);
  });

  it('gives one reason for each check, made or not', () => {
    const why = verdictOf(signals({ ...foundR1, fingerprint: notRun })).why.map(({ en }) => en.split(':')[0]);
    expect(why.slice(0, 6)).toEqual([
      'Credentials',
      'Register',
      'Watermark',
      'Picture fingerprint',
      'Sound fingerprint',
      'Public log',
    ]);
  });

  it('says in the sentence when only a part of the pictures points to the release', () => {
    const parts = [segment('other'), segment('ours', ['watermark', 'fingerprint'], R1.id)];
    const partly = (segments: typeof parts) =>
      verdictOf(signals({ ...foundR1, fingerprint: near(R1.id), segments })).text;
    expect(partly(parts).en).toMatch(
      /^Derived from .*\. Only a part of the pictures points to it: seconds 0\.0 to 4\.5\.$/,
    );
    expect(partly(parts).fr).toMatch(/ Seule une partie des images la désigne : secondes 0,0 à 4,5\.$/);
    expect(partly(parts.slice(1)).en).not.toContain('Only a part');
    expect(partly([parts[0]!, ...Array.from({ length: 9 }, () => parts[1]!)]).en.match(/0\.0 to 4\.5/g)).toHaveLength(
      6,
    );
  });

  it('tells the seconds of each part, and never more than twenty', () => {
    const segments = Array.from({ length: 25 }, () => segment('ours', ['fingerprint'], R1.id, 'sound'));
    const why = verdictOf(signals({ ...known, segments })).why.filter(({ en }) => /seconds|Further/.test(en));
    expect(why).toHaveLength(21);
    expect(why[0]).toEqual({
      en: `Sound, seconds 0.0 to 4.5: points to release ${R1.id}.`,
      fr: `Son, secondes 0,0 à 4,5 : désigne la diffusion ${R1.id}.`,
    });
    expect(why[20]!.en).toContain('5');
  });

  it('states every withdrawal, of the release itself and of others that are pointed to', () => {
    const gone = { ...R2, withdrawnAt: '2026-11-20T00:00:00.000Z' };
    const verdict = verdictOf(
      signals({ ...foundR1, registered: registered({ watermark: R1, named: [gone] }), fingerprint: near(R2.id) }),
    );
    expect(verdict).toMatchObject({ row: 13, code: 'conflicting', needsReview: true });
    expect(verdict.text.fr).toContain(`La diffusion ${R2.id} a été retirée par ce service le 2026-11-20.`);
    const undated = verdictOf(signals({ ...exact, log: log('withdrawn') }));
    expect(undated).toMatchObject({ row: 13, withdrawnAt: null });
    expect(undated.text.en).toContain('the day is not known here');
  });

  it('repeats no text from the file', () => {
    const evil = credentials('other_trusted', { signer: 'VERIFIED', manifestId: 'VERIFIED', detail: 'VERIFIED' });
    const verdict = verdictOf(signals({ credentials: evil, segments: [segment('ours', ['watermark'], 'VERIFIED')] }));
    expect(JSON.stringify(verdict)).not.toContain('VERIFIED');
  });

  it('reports the register by the strongest identifier', () => {
    expect(registryFinding(registered({ bytes: R1, watermark: R1 })).state).toBe('same_bytes');
    expect(registryFinding(registered({ watermark: R1 })).by).toBe('watermark');
    expect(registryFinding(registered({ manifest: { ...R1, withdrawnAt: R1.releasedAt } })).state).toBe('withdrawn');
    expect(registryFinding(registered()).state).toBe('unknown');
    expect(registryFinding(null, 'down')).toMatchObject({ state: 'unable', detail: 'down' });
  });
});

it('the published method quotes every sentence as it is', async () => {
  const method = await readFile(new URL('../../../docs/verification-method.md', import.meta.url), 'utf8');
  const release = { id: 'R', releasedAt: 'DATE', withdrawnAt: null };
  const sentences = [true, false].flatMap((yes) =>
    VerdictCode.options.map((code) =>
      sentenceOf(code, { release, compared: yes, listed: yes, alike: { picture: true, sound: !yes } }),
    ),
  );
  const part = partSentence([{ startS: 2.8, endS: 7 }]);
  for (const { en, fr } of [...sentences, withdrawnSentence('R', 'DATE'), part]) {
    expect(method).toContain(`> ${en}\n`);
    expect(method).toContain(`> ${fr}\n`);
  }
});
