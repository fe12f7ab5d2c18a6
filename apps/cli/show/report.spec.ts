import { VerdictCode, type VerifyReport } from '#contracts';
import type { Context } from '../context.js';
import { wordsOf } from '../words/index.js';
import { noCredentials, noMark, sampleReport as report } from '../../../tests/support/report.js';
import { reportLines } from './report.js';

const context = (lang: 'en' | 'fr'): Context => ({
  lang,
  words: wordsOf(lang),
  env: {},
  out: () => undefined,
  note: () => undefined,
});
const id = '00c0ffee12345678';

const print = (change: Partial<VerifyReport>, lang: 'en' | 'fr' = 'en') =>
  reportLines(report(change), 'clip.mp4', 'here', context(lang)).join('\n');
const one = (text: string) => text.replace(/\s+/g, ' ');

describe('reportLines', () => {
  it('gives the careful sentence whole, in the language asked for', () => {
    for (const lang of ['en', 'fr'] as const) {
      const given = report({}).verdict.text[lang];
      expect(one(print({}, lang))).toContain(given);
    }
    expect(print({}, 'fr')).toMatch(
      /Certificat {6}aucun dans le fichier[^]*Filigrane[^]*Registre[^]*Non contrôlé[^]*En échec {8}aucun/,
    );
  });

  it('lists every reason, and says when two people must look first', () => {
    const verdict = { ...report({}).verdict, needsReview: true };
    for (const lang of ['en', 'fr'] as const) {
      const text = one(print({ verdict }, lang));
      expect(verdict.why.length).toBeGreaterThan(4);
      for (const reason of verdict.why) expect(text).toContain(`- ${reason[lang]}`);
      expect(text).toContain(wordsOf(lang).verify.needsReview);
      expect(one(print({}, lang))).not.toContain(wordsOf(lang).verify.needsReview);
    }
  });

  it('says what was found by each of the three checks', () => {
    const text = one(
      print({
        credentials: {
          ...noCredentials,
          state: 'ours',
          signer: 'Imprimatur',
          signedAt: '2026-01-01T00:00:00Z',
          manifestId: 'urn:c2pa:x',
        },
        watermark: {
          ...noMark,
          state: 'found',
          releaseId: id,
          z: 31.26,
          geometry: { scale: 1.43, rotationDeg: 0, flipped: true },
        },
        registry: { state: 'same_bytes', releaseId: id, releasedAt: '2026-01-01T00:00:00Z', by: 'sha256' },
        failed: ['watermark'],
      }),
    );
    expect(text).toContain('Credentials signed with a key of this service');
    expect(text).toContain(
      `found; identifier ${id}; strength 31.3 (needed: 13.5) over 30 frames; chance in a clip without a mark: at most 3 × 10^-10`,
    );
    expect(text).toContain('143.0% of its first size, turned by 0.0°, mirrored');
    expect(text).toContain('exactly this file was released');
    expect(text).toContain('Failed watermark');
  });

  it('prints a stranger’s certificate name as text, never as commands for the terminal', () => {
    const signer = 'Evil\u001b[2J\u202e" valid';
    const text = print({ credentials: { ...noCredentials, state: 'unknown_signer', signer } });
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(one(text)).toContain('signer as stated in the file: "Evil\\u001b[2J\\u202e" valid"');
  });

  it('never shows a sign of approval, whatever the verdict', () => {
    for (const code of VerdictCode.options) {
      for (const lang of ['en', 'fr'] as const) {
        const text = print({ verdict: { ...report({}).verdict, code } }, lang);
        expect(text).not.toMatch(/[✓✔☑✅❌]|\b(real|fake|authentic|verified|authentique|vérifié)\b/i);
      }
    }
  });
});
