import { VerifyReport, type VerdictCode } from '#contracts';
import { credentials, log, print, R1, R2, remixOf, segment, watermark } from '../../../tests/support/signals.js';
import type { RegisteredAs, VerdictInput } from './signals.js';
import { codeOf, verdictOf } from './verdict.js';

/** How strongly a code says that the file comes from this service. */
const CLAIM: Record<VerdictCode, number> = {
  released_exact: 4,
  released_repackaged: 4,
  credentials_do_not_match_content: 3,
  derived: 3,
  contains_ours: 3,
  resembles: 2,
  signed_but_not_registered: 1,
  identifier_on_other_pictures: 1,
  credentials_on_other_content: 1,
  conflicting: 1,
  signed_by_other: 1,
  credentials_damaged: 1,
  no_evidence: 1,
  unable: 0,
};
const ROW_CODES: Partial<Record<number, VerdictCode>> = {
  1: 'released_exact',
  2: 'released_repackaged',
  3: 'signed_but_not_registered',
  4: 'derived',
  5: 'identifier_on_other_pictures',
  6: 'resembles',
  7: 'credentials_do_not_match_content',
  8: 'credentials_on_other_content',
  9: 'conflicting',
  10: 'contains_ours',
  11: 'signed_by_other',
  12: 'no_evidence',
  14: 'unable',
};

const CREDENTIALS = [
  credentials('ours', { softBinding: R1.id }),
  credentials('ours', { revocation: 'revoked' }),
  credentials('other_trusted'),
  remixOf('other_trusted', R1.id),
  credentials('unknown_signer'),
  remixOf('unknown_signer', R1.id),
  credentials('mismatch', { softBinding: R1.id }),
  credentials('mismatch'),
  credentials('damaged'),
  credentials('damaged', { trustedBy: 'ours' }),
  credentials('none'),
  credentials('unable'),
];
/** The mark and the release that the register knows under it. */
const MARKS = [
  [watermark('found', R1.id), R1],
  [watermark('found', R2.id), R2],
  [watermark('found', '3'.repeat(16)), null],
  [watermark('none'), null],
  [watermark('unable'), null],
] as const;
const KNOWN = [null, R1, R2];
const GONE = { ...R1, withdrawnAt: '2026-11-20T00:00:00.000Z' };
const LOGS = (['included', 'missing', 'withdrawn', 'not_run', 'unable'] as const).map((state) =>
  log(state, state === 'withdrawn' ? GONE.withdrawnAt : null),
);
const PICTURES = [
  print('near', R1.id),
  print('near', R2.id),
  print('near', '3'.repeat(16)),
  print('none'),
  print('not_run'),
  print('unable'),
];
const SOUNDS = [print('near', R1.id), print('none'), print('not_run'), print('unable')];
const SEGMENTS = [
  [],
  [segment('ours', ['watermark'], R1.id), segment('other')],
  [segment('ours', ['fingerprint'], R2.id, 'sound')],
  [segment('unable')],
];

/** Register: out of reach, or each pair of (bytes, manifest), with and without a withdrawal of R1. */
const REGISTERS: (Omit<RegisteredAs, 'watermark'> | null)[] = [
  null,
  ...KNOWN.flatMap((bytes) =>
    KNOWN.flatMap((manifest) =>
      [R1, GONE].map((first) => {
        const one = (release: typeof R1 | null) => (release === R1 ? first : release);
        return { bytes: one(bytes), manifest: one(manifest), named: [first, R2] };
      }),
    ),
  ),
];

function* combinations(): Generator<VerdictInput> {
  for (const one of CREDENTIALS)
    for (const [mark, release] of MARKS)
      for (const register of REGISTERS) {
        const known = register?.named.find(({ id }) => id === release?.id) ?? null;
        const answer = register && { ...register, watermark: known };
        for (const entry of LOGS)
          for (const picture of PICTURES)
            for (const sound of SOUNDS)
              for (const segments of SEGMENTS)
                yield {
                  credentials: one,
                  watermark: mark,
                  registered: answer,
                  log: entry,
                  fingerprint: { picture, sound },
                  segments,
                };
      }
}

/** The same signals with one check that failed made to have found nothing, for each check that failed. */
function silenced(input: VerdictInput): VerdictInput[] {
  const { watermark: mark, log: entry, fingerprint, segments } = input;
  const { picture, sound } = fingerprint;
  const quiet: Partial<VerdictInput>[] = [
    ...(mark.state === 'unable' ? [{ watermark: watermark('none') }] : []),
    ...(entry.state === 'unable' ? [{ log: log('missing') }, { log: log('not_run') }] : []),
    ...(picture.state === 'unable'
      ? (['none', 'not_run'] as const).map((state) => ({ fingerprint: { sound, picture: print(state) } }))
      : []),
    ...(sound.state === 'unable'
      ? (['none', 'not_run'] as const).map((state) => ({ fingerprint: { picture, sound: print(state) } }))
      : []),
    ...(segments.some(({ state }) => state === 'unable') ? [{ segments: [] }] : []),
  ];
  return quiet.map((change) => ({ ...input, ...change }));
}

/** What is wrong with a verdict; empty for none. */
function faults(input: VerdictInput, verdict: VerifyReport['verdict']): string[] {
  const { registered: known, log: entry, fingerprint, segments } = input;
  const { state, softBinding, ingredients } = input.credentials;
  const { row, code, text } = verdict;
  const wrong: string[] = [];
  const must = (holds: boolean, what: string) => {
    if (!holds) wrong.push(what);
  };
  must(row === null ? code === 'credentials_damaged' : row === 13 || ROW_CODES[row] === code, 'one row for one code');
  must(verdict.needsReview === ['conflicting', 'identifier_on_other_pictures', 'resembles'].includes(code), 'review');
  must((known !== null && state !== 'unable') || code === 'unable', 'a statement without register or credentials');

  const claim = CLAIM[code];
  const released = claim === 4;
  must(!released || (state === 'ours' && !!known?.manifest && input.credentials.revocation !== 'revoked'), 'released');
  must(!released || ['included', 'withdrawn', 'not_run'].includes(entry.state), 'released without its leaf');
  must(claim < 3 || !['missing', 'unable'].includes(entry.state), 'origin against the log');
  const markedPart = segments.some(({ by }) => by.includes('watermark'));
  const marked = !!known?.watermark || markedPart;
  const vouched =
    state === 'ours' ||
    (state === 'mismatch' && softBinding !== null) ||
    (state === 'other_trusted' && ingredients.length > 0);
  must(claim < 3 || marked || vouched, 'origin from a likeness alone');
  must(code !== 'derived' || marked, 'derived without an identifier');

  const near = [fingerprint.picture, fingerprint.sound].some(
    ({ releaseId }) => releaseId && !releaseId.startsWith('3'),
  );
  const open = [input.watermark, fingerprint.picture, fingerprint.sound, ...segments].some(
    (one) => one.state === 'unable',
  );
  const nothing = state === 'none' && !marked && !near && !open && segments.every((one) => one.state !== 'ours');
  must((code === 'no_evidence') === (nothing && !!known && !known.bytes), 'no evidence exactly where there is none');
  must(code !== 'signed_by_other' || (!marked && !near && !open), 'another signer in spite of signs of ours');

  // A name of ours in a stranger's manifest points to nothing.
  const signedByUs =
    state === 'ours' ||
    (state === 'damaged' && input.credentials.trustedBy === 'ours') ||
    (state === 'mismatch' && input.credentials.softBinding === known?.manifest?.id);
  const named = signedByUs ? known?.manifest : null;
  const gone = entry.state === 'withdrawn' || [known?.bytes, named, known?.watermark].some((r) => r?.withdrawnAt);
  if (gone) {
    must(row === 13 && text.en.includes('withdrawn by this service'), 'withdrawal not stated');
    must(text.fr.includes('retirée par ce service'), 'withdrawal not stated in French');
  }
  must(row !== 13 || gone || known?.named[0] === GONE, 'withdrawal out of nothing');
  for (const other of silenced(input)) must(claim <= CLAIM[codeOf(other)], 'a failed check strengthened it');
  return wrong;
}

const FORBIDDEN = [
  /\b(real|really|authentic\w*|fakes?|faked|verif\w+|genuine\w*|trustworthy|proven?|proofs?|proves?|certain\w*|definitely|100)\b/iu,
  /(?<!\p{L})(réel\p{L}*|authenti\p{L}*|faux|fausse\p{L}*|vrai\p{L}*|véritable\p{L}*|véridique\p{L}*|vérifi\p{L}*|prouv\p{L}*|preuves?|certain\p{L}*|truqu\p{L}*)(?!\p{L})/iu,
  /%|[✓✔☑✅❌✗👍🟢]/u,
];

describe('every combination of signals', () => {
  const said = new Map<string, string>();
  const codes = new Set<string>();
  const wrong = new Map<string, VerdictInput>();
  let count = 0;

  beforeAll(() => {
    for (const input of combinations()) {
      count++;
      const verdict = verdictOf(input);
      for (const fault of faults(input, verdict)) if (!wrong.has(fault)) wrong.set(fault, input);
      const { code, row, text, why } = verdict;
      if (count % 997 === 0) expect(VerifyReport.shape.verdict.parse(verdict).code).toBe(codeOf(input));
      codes.add(`${row} ${code}`);
      for (const { en, fr } of [text, ...why]) if (!said.has(en)) said.set(en, fr);
    }
  });

  it('gives one row that holds to every rule', () => {
    expect(count).toBe(12 * 5 * 19 * 5 * 6 * 4 * 4);
    expect([...wrong].map(([fault, input]) => [fault, JSON.stringify(input)])).toEqual([]);
  });

  it('reaches every row', () => {
    const rows = Object.entries(ROW_CODES).map(([row, code]) => `${row} ${code}`);
    expect([...codes].filter((one) => !one.startsWith('13 ')).sort()).toEqual(
      [...rows, 'null credentials_damaged'].sort(),
    );
  });

  it('never uses a word that approves or condemns, in either language', () => {
    expect(said.size).toBeGreaterThan(60);
    const texts = [...said].flat();
    expect(texts.filter((text) => FORBIDDEN.some((words) => words.test(text)))).toEqual([]);
    for (const [en, fr] of said) expect([en !== fr, en.length > 15, fr.length > 15]).toEqual([true, true, true]);
    for (const word of ['real', 'Verified', 'a proof', '99 %', '✓', 'vérifiée', 'faux', 'réelle', 'preuve'])
      expect(FORBIDDEN.some((words) => words.test(word))).toBe(true);
  });
});
