import { plain } from '#kernel';
import type { FingerprintFinding, Locale, VerifyReport } from '#contracts';
import { chance, number, seconds, time } from './format.js';
import { INK, type Paper, type Row } from './paper.js';
import type { Words } from './words/index.js';

/** Longest text by strangers that is shown in one cell. */
const CELL = 400;
/** Rows of segments and nodes that are listed. */
const LISTED = 24;

const row = (name: string, value: string | null | undefined, mono = false): Row[] =>
  value ? [{ name, value: plain(value, CELL), mono }] : [];

const joined = (words: Words, parts: (string | false | null | undefined)[]) =>
  parts.filter(Boolean).join(words.separator);

function fileRows({ file }: VerifyReport, words: Words, lang: Locale): Row[] {
  const w = words.findings.container;
  const { container, name, bytes } = file;
  const rows = [...row(w.name, name ?? words.front.unnamed), ...row(w.bytes, number(bytes, lang))];
  if (!container) return [...rows, ...row(w.format, w.unread)];
  const { format, durationS, width, height, fps, videoCodec, audioCodec } = container;
  return [
    ...rows,
    ...row(w.format, format),
    ...row(w.duration, `${number(durationS, lang)} s`),
    ...row(w.picture, `${videoCodec}, ${width} × ${height}, ${number(fps, lang, 3)} / s`),
    ...row(w.sound, audioCodec ?? w.noSound),
  ];
}

function credentialRows({ credentials: c }: VerifyReport, words: Words): Row[] {
  const w = words.findings.credentials;
  return [
    ...row(w.state, `${words.lamps.credentialStates[c.state]} (${c.state})`),
    ...row(w.manifest, c.manifestId, true),
    ...row(w.signer, c.signer),
    ...row(w.signedAt, c.signedAt && time(c.signedAt)),
    ...row(w.softBinding, c.softBinding, true),
    ...row(w.trustedBy, c.trustedBy && w.trust[c.trustedBy]),
    ...row(w.revocation, c.state === 'none' ? null : w.revocations[c.revocation]),
    ...row(w.signature, c.signatureSha256, true),
    ...row(w.certificate, c.signerCertificateSha256, true),
    ...row(w.codes, c.codes.map((code) => plain(code, 80)).join(', '), true),
    ...row(w.remote, c.remoteManifest, true),
    ...row(w.detail, c.detail),
    ...c.ingredients
      .slice(0, LISTED)
      .flatMap((one) =>
        row(
          w.ingredient,
          joined(words, [
            `“${plain(one.title, 80)}”`,
            w.ingredientStates[one.state],
            one.softBinding,
            one.signer && `${w.signer}: ${plain(one.signer, 80)}`,
          ]),
        ),
      ),
  ];
}

function watermarkRows({ watermark: m }: VerifyReport, words: Words, lang: Locale): Row[] {
  const w = words.findings.watermark;
  const { geometry } = m;
  return [
    ...row(w.state, `${words.lamps.watermarkStates[m.state]} (${m.state})`),
    ...row(w.id, m.releaseId, true),
    ...row(w.z, m.z === null ? null : number(m.z, lang)),
    ...row(w.threshold, m.state === 'unable' ? null : number(m.threshold, lang)),
    ...row(w.bound, m.state === 'unable' ? null : chance(m.falsePositiveBound, lang)),
    ...row(w.frames, String(m.framesUsed)),
    ...row(
      w.geometry,
      geometry && w.shape(number(geometry.scale, lang, 3), number(geometry.rotationDeg, lang), geometry.flipped),
    ),
    ...row(words.findings.credentials.detail, m.detail),
  ];
}

function fingerprintValue(one: FingerprintFinding, words: Words, lang: Locale): string {
  const w = words.findings.fingerprint;
  const threshold = number(one.threshold, lang, 3);
  return joined(words, [
    `${w.states[one.state]} (${one.algorithm})`,
    one.releaseId && w.release(one.releaseId),
    one.share !== null && w.share(number(one.share, lang)),
    one.distance !== null ? w.distance(number(one.distance, lang, 3), threshold) : w.threshold(threshold),
    one.compared > 0 && w.compared(one.compared),
    one.detail,
  ]);
}

function registerRows({ registry, log }: VerifyReport, words: Words): Row[] {
  const w = words.findings.register;
  const register = joined(words, [
    `${words.lamps.registerStates[registry.state]} (${registry.state})`,
    registry.releaseId && w.release(registry.releaseId),
    registry.releasedAt && w.released(time(registry.releasedAt)),
    registry.by && w.by[registry.by],
    registry.detail,
  ]);
  return [
    ...row(w.register, register),
    ...row(w.log, joined(words, [`${w.logStates[log.state]} (${log.state})`, log.detail])),
    ...row(w.origin, joined(words, [log.origin, log.index !== null && w.place(log.index, log.size)])),
    ...row(w.withdrawn, log.withdrawnAt && time(log.withdrawnAt)),
    ...row(w.witnesses, log.witnesses.map((name) => plain(name, 80)).join(', ')),
  ];
}

function segmentRows({ segments }: VerifyReport, words: Words, lang: Locale): Row[] {
  const w = words.findings.segments;
  const rows = segments.slice(0, LISTED).flatMap((one) => {
    const name = `${words.timeline[one.track]} ${seconds(one.startS, lang)}–${seconds(one.endS, lang)} s`;
    const by = one.by.map((how) => w.by[how]).join(', ');
    const from = one.releaseStartS === null ? '' : words.timeline.at(seconds(one.releaseStartS, lang));
    const of = one.releaseId ? `${words.findings.register.release(one.releaseId)}${from}` : '';
    return row(name, joined(words, [w.states[one.state], of, by]));
  });
  const more = segments.length - LISTED;
  return more > 0 ? [...rows, { name: '', value: w.more(more) }] : rows;
}

function lineageRows({ lineage: { nodes, edges } }: VerifyReport, words: Words): Row[] {
  const w = words.findings.lineage;
  const rows = nodes.slice(0, LISTED).flatMap((node) => {
    const made = edges
      .filter(({ from }) => from === node.id)
      .map(({ to, relation }) => `${w.relations[relation]}: ${plain(to, 60)}`);
    const title = node.title && node.title !== node.id ? `“${plain(node.title, 80)}”` : '';
    const facts = joined(words, [
      w.kinds[node.kind],
      title,
      node.at && time(node.at),
      node.withdrawn && w.withdrawn,
      ...made.slice(0, 6),
    ]);
    return [{ name: plain(node.id, 80), value: facts }];
  });
  const more = nodes.length - LISTED;
  return more > 0 ? [...rows, { name: '', value: w.more(more) }] : rows;
}

function checkRows(report: VerifyReport, words: Words): Row[] {
  const w = words.findings.checks;
  const list = (names: string[]) =>
    names.length ? names.map((name) => w.names[name] ?? plain(name, 60)).join(', ') : words.none;
  return [
    { name: w.checked, value: list(report.checked) },
    { name: w.notChecked, value: list(report.not_checked) },
    { name: w.failed, value: list(report.failed) },
  ];
}

/** Every signal with its raw values. */
export function drawFindings(paper: Paper, report: VerifyReport, words: Words, lang: Locale): void {
  const w = words.findings;
  paper.heading(w.title, 150);
  paper.text(w.intro, { color: INK.soft });
  const tables: [string, Row[]][] = [
    [w.checks.title, checkRows(report, words)],
    [w.container.title, fileRows(report, words, lang)],
    [w.credentials.title, credentialRows(report, words)],
    [w.watermark.title, watermarkRows(report, words, lang)],
    [
      w.fingerprint.title,
      (['picture', 'sound'] as const).flatMap((track) =>
        row(w.fingerprint[track], fingerprintValue(report.fingerprint[track], words, lang)),
      ),
    ],
    [w.segments.title, segmentRows(report, words, lang)],
    [w.register.title, registerRows(report, words)],
    [w.lineage.title, lineageRows(report, words)],
  ];
  for (const [title, rows] of tables) paper.table(rows, { title });
}
