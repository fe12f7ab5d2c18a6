import { plain } from '#kernel';
import type { CredentialsFinding, RegistryFinding, VerifyReport, WatermarkFinding } from '#contracts';
import type { Context } from '../context.js';
import { field, size, wrap } from '../terminal.js';
import type { Words } from '../words/index.js';

const WIDTH = 100;

const join = (words: Words, parts: (string | false | null | undefined)[]) =>
  parts.filter(Boolean).join(words.separator);

const percent = (share: number) => `${(share * 100).toFixed(1)}%`;

function chance(bound: number): string {
  return bound === 0 ? '0' : bound.toExponential(0).replace('e', ' × 10^');
}

/** What the credentials say, in one line. */
export function credentialsLine(finding: CredentialsFinding, words: Words): string {
  const { state, signer, signedAt, manifestId, revocation, detail } = finding;
  const w = words.verify;
  return join(words, [
    w.credentialStates[state],
    revocation === 'revoked' && w.revoked,
    // Our own name is in the state already; anybody may write any name into a certificate of their own.
    state !== 'ours' && signer && w.signer(plain(signer, 120)),
    signedAt && w.signedAt(signedAt),
    manifestId && w.manifest(plain(manifestId, 120)),
    state === 'unable' && detail && plain(detail, 200),
  ]);
}

/** What was read of the mark, in one line. */
export function watermarkLine(finding: WatermarkFinding, words: Words): string {
  const { state, releaseId, z, threshold, framesUsed, falsePositiveBound, geometry, detail } = finding;
  const w = words.verify;
  const changed =
    geometry && (Math.abs(geometry.scale - 1) > 0.005 || Math.abs(geometry.rotationDeg) > 0.1 || geometry.flipped);
  return join(words, [
    w.watermarkStates[state],
    releaseId && w.release(releaseId),
    z !== null && state === 'found' && w.strength(z.toFixed(1), threshold.toFixed(1), framesUsed),
    state === 'none' && w.frames(framesUsed),
    state === 'found' && w.chance(chance(falsePositiveBound)),
    changed && w.geometry(percent(geometry.scale), geometry.rotationDeg.toFixed(1), geometry.flipped),
    state === 'unable' && detail && plain(detail, 200),
  ]);
}

/** What the register says, in one line. */
export function registerLine(finding: RegistryFinding, words: Words): string {
  const { state, releaseId, releasedAt, by } = finding;
  const w = words.verify;
  return join(words, [w.registryStates[state], releaseId && w.release(releaseId), releasedAt, by && w.registryBy[by]]);
}

function list(names: string[], words: Words): string {
  return names.length
    ? names.map((name) => words.verify.checks[name] ?? plain(name, 60)).join(', ')
    : words.verify.nothing;
}

/** One reason: a hyphen, then its lines, each set in by two. */
function bullet(reason: string): string[] {
  return wrap(reason, WIDTH - 2).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`);
}

/**
 * A verification for people: the careful sentence first, then what it rests on. Says nothing that the sentence does not
 * say: no sign of approval, no word about truth.
 * @param by who examined the file
 */
export function reportLines(report: VerifyReport, name: string, by: string, { lang, words }: Context): string[] {
  const w = words.verify;
  return [
    `${plain(name, 200)}  (${size(report.file.bytes)}, SHA-256 ${report.file.sha256})`,
    '',
    ...wrap(report.verdict.text[lang], WIDTH),
    ...(report.verdict.needsReview ? ['', ...wrap(w.needsReview, WIDTH)] : []),
    '',
    w.why,
    ...report.verdict.why.flatMap((one) => bullet(one[lang])),
    '',
    field(w.credentials, credentialsLine(report.credentials, words)),
    field(w.watermark, watermarkLine(report.watermark, words)),
    field(w.register, registerLine(report.registry, words)),
    field(w.notChecked, list(report.not_checked, words)),
    field(w.failed, list(report.failed, words)),
    field(
      w.examined,
      join(words, [by, `${plain(report.tool.name, 60)} ${plain(report.tool.version, 30)}, ${report.at}`]),
    ),
  ];
}
