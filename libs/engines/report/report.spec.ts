import { extractText, getDocumentProxy } from 'unpdf';
import type { Locale, VerifyReport } from '#contracts';
import { fingerprintNotRun, LOG_NOT_RUN, registryFinding, verdictOf, type VerdictInput } from '#domain/provenance';
import { findingWithout } from '#engines/credentials';
import { noMark, sampleReport } from '../../../tests/support/report.js';
import { drawReport, type ReportSheet } from './index.js';

const R = '0123456789abcdef';
const release = { id: R, releasedAt: '2026-11-20T10:11:12.000Z', withdrawnAt: null };
const nothing = { bytes: null, manifest: null, watermark: null, named: [] };
const quiet: VerdictInput = {
  credentials: findingWithout('none'),
  watermark: noMark,
  registered: nothing,
  log: LOG_NOT_RUN,
  fingerprint: { picture: fingerprintNotRun('picture'), sound: fingerprintNotRun('sound') },
  segments: [],
};
const part = { startS: 1, endS: 4, releaseStartS: 2.5, by: ['watermark' as const] };
const CASES: Record<string, VerdictInput> = {
  'row 12': quiet,
  'row 4 in parts': {
    ...quiet,
    watermark: { ...noMark, state: 'found', releaseId: R, z: 40 },
    registered: { ...nothing, watermark: release },
    segments: [
      { ...part, track: 'picture', state: 'ours', releaseId: R },
      { ...part, track: 'sound', state: 'unable', releaseId: null, startS: 4, endS: 8, by: [], releaseStartS: null },
    ],
  },
  'row 13': {
    ...quiet,
    watermark: { ...noMark, state: 'found', releaseId: R, z: 40 },
    registered: { ...nothing, watermark: { ...release, withdrawnAt: '2026-11-25T00:00:00.000Z' } },
  },
  'row 14': {
    ...quiet,
    credentials: findingWithout('unable'),
    watermark: { ...noMark, state: 'unable', z: null },
    registered: null,
    log: { ...LOG_NOT_RUN, state: 'unable' },
  },
};

function sheetOf(input: VerdictInput, lang: Locale, change: Partial<VerifyReport> = {}): ReportSheet {
  const { registered, ...signals } = input;
  const rate = { kind: 'measured' as const, events: 3, trials: 1200, lower: 0.0005, upper: 0.0073, source: 'set x' };
  const text = { en: 'A marked clip is missed', fr: 'Un clip marqué est manqué' };
  const found = {
    verdict: verdictOf(input),
    registry: registryFinding(registered),
    error_rates: [{ id: 'x', text, ...rate }],
  };
  return {
    lang,
    report: sampleReport({ ...signals, ...found, ...change }),
    reportSha256: '9f'.repeat(32),
    reportKeySha256: '8e'.repeat(32),
    stamp: { at: '2026-11-27T22:46:00.000Z', by: 'CN=Time' },
    certificate: { subject: 'Imprimatur Reports', sha256: '7d'.repeat(32) },
    stills: { pairs: [], note: 'no_release' },
  };
}

async function textOf(pdf: Uint8Array): Promise<string> {
  const { text } = await extractText(await getDocumentProxy(Uint8Array.from(pdf)), { mergePages: true });
  return text.replace(/\s+/g, ' ');
}

/** The command to type, names of files, the title of the published method, and the confidence of an interval. */
const ALLOWED = /imprimatur verify|verification-method\.md|Method of verification|95 %/g;
const FORBIDDEN = [
  /\b(real|really|authentic\w*|fakes?|faked|verified|verification|genuine\w*|trustworthy|proven?|proofs?|proves?|definitely)\b/iu,
  /(?<!\p{L})(réel\p{L}*|authenti\p{L}*|faux|fausse\p{L}*|vrai\p{L}*|véritable\p{L}*|vérifi\p{L}*|prouv\p{L}*|preuves?|truqu\p{L}*)(?!\p{L})/iu,
  /%|[✓✔☑✅❌✗👍🟢]/u,
];

describe.each(Object.entries(CASES))('a report of %s', (_name, input) => {
  it.each(['en', 'fr'] as const)(
    'says in %s its sentence, every reason, and no word that approves or condemns',
    async (lang) => {
      const sheet = sheetOf(input, lang);
      const text = await textOf(await drawReport(sheet));
      const plainText = (one: string) => one.replace(/\s+/g, ' ');
      const { verdict } = sheet.report;
      for (const said of [verdict.text, ...verdict.why]) expect(text).toContain(plainText(said[lang]));
      expect(text).toContain(sheet.report.file.sha256);
      expect(text).toContain(sheet.reportSha256);
      expect(text).toMatch(/902\(13\)/);
      const words = text.replace(ALLOWED, '');
      expect(FORBIDDEN.map((one) => one.exec(words)?.[0] ?? null)).toEqual([null, null, null]);
    },
  );
});

describe('a report', () => {
  const evil = 'in\u202Evoice\u0007\u{E0041} 文 Ж é ﬁ \r\n.mp4';

  it('shows hidden characters of names, writes out what no font has, and cuts what is long', async () => {
    const signer = { ...findingWithout('damaged'), signer: `${'long '.repeat(200)}zyxw\u2066` };
    const file = { ...sampleReport().file, name: evil };
    const text = await textOf(await drawReport(sheetOf(quiet, 'en', { file, credentials: signer })));
    expect(text).toContain('in\\u202evoice\\u0007\\ue0041 \\u6587 Ж é');
    expect(['\u202e', '\u2066', '\u0007'].filter((hidden) => text.includes(hidden))).toEqual([]);
    expect(text).not.toContain('zyxw');
  });

  it('is tagged, names its language and title, has bookmarks, and is the same each time', async () => {
    const sheet = sheetOf(CASES['row 4 in parts']!, 'fr');
    const [once, again] = [await drawReport(sheet), await drawReport(sheet)];
    expect(Buffer.compare(once, again)).toBe(0);
    const pdf = await getDocumentProxy(Uint8Array.from(once));
    expect((await pdf.getMetadata()).info).toMatchObject({ Title: 'Rapport d’examen ver_sample', Language: 'fr' });
    expect(await pdf.getMarkInfo()).toMatchObject({ Marked: true });
    expect((await pdf.getOutline()).length).toBeGreaterThanOrEqual(7);
    const tree = JSON.stringify(await (await pdf.getPage(1)).getStructTree());
    expect(tree).toMatch(/"Figure".*Frise du fichier/);
  });

  it('takes a signature over every byte but its own', async () => {
    let signed = Buffer.alloc(0);
    const pdf = Buffer.from(
      await drawReport(sheetOf(quiet, 'en'), async (content) => {
        signed = Buffer.from(content);
        return Buffer.from('feedbeef', 'hex');
      }),
    );
    const range = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/.exec(pdf.toString('latin1'))!.slice(1).map(Number);
    const [start, first, second, rest] = range as [number, number, number, number];
    expect([start, second + rest]).toEqual([0, pdf.length]);
    expect(signed.equals(Buffer.concat([pdf.subarray(0, first), pdf.subarray(second)]))).toBe(true);
    expect(pdf.toString('latin1', first, first + 9)).toBe('<feedbeef');
    await expect(drawReport(sheetOf(quiet, 'en'), async () => Buffer.alloc(20_000))).rejects.toThrow(/exceeds/);
  });
});
