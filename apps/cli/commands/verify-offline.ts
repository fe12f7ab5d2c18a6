import { plain } from '#kernel';
import type { OfflineCheck, OfflineResult } from '#domain/reports';
import { CliError, EXIT, type Context } from '../context.js';
import { inputFile, localKeysIfAny, withExaminer } from '../local.js';
import { field, spin, wrap } from '../terminal.js';

/** Options of `imprimatur verify --offline`. */
export interface OfflineCommand {
  json?: boolean;
  offline: string;
  at?: string;
  key?: string;
}

const WIDTH = 100;
const NAME = 24;
const EXITS = { same: EXIT.done, differs: EXIT.failure, unable: EXIT.unable } as const;

/** Where the key that a bundle must be signed with comes from. */
type KeySource = 'option' | 'machine' | null;

function timeOf(text: string | undefined, { words }: Context): Date {
  if (text === undefined) return new Date();
  const at = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) || Number.isNaN(at.getTime()))
    throw new CliError('bad_time', words.offline.badTime(plain(text, 60)));
  return at;
}

function detailOf({ name, state, detail }: OfflineCheck, source: KeySource, { words }: Context): string {
  const w = words.offline;
  if (name === 'key') return [source && w.keyFrom[source], detail].filter(Boolean).join(', ');
  if (name === 'file_watermark' && state === 'not_checked') return w.noWatermarkKey;
  if (name === 'log' && state === 'not_checked') return w.noLog;
  return detail ?? '';
}

function lines(result: OfflineResult, source: KeySource, at: Date, context: Context): string[] {
  const { lang, words } = context;
  const w = words.offline;
  const { outcome, checks, report, verdict, keySha256, reportSha256 } = result;
  const rowOf = ({ row, code }: OfflineResult['verdict']) => (row === null ? w.noRow : w.row(String(row), code));
  return [
    ...wrap(w.outcomes[outcome], WIDTH),
    '',
    // The stored sentence is shown only when it is the computed one.
    field(w.statement, `${rowOf(verdict)}: ${verdict.text[lang]}`, { nameWidth: NAME }),
    field(w.report, `${plain(report.id, 60)}, ${report.at}, SHA-256 ${reportSha256}`, { nameWidth: NAME }),
    field(w.keyLine, `SHA-256 ${keySha256}`, { nameWidth: NAME }),
    field(w.at_, at.toISOString(), { nameWidth: NAME }),
    '',
    ...checks.map((check) => {
      const detail = plain(detailOf(check, source, context), 300);
      return field(w.checks[check.name], `${w.states[check.state]}${detail ? ` (${detail})` : ''}`, {
        nameWidth: NAME,
      });
    }),
    ...(checks.some(({ name, state }) => name === 'key' && state === 'unable')
      ? ['', ...wrap(w.keyUnknown, WIDTH)]
      : []),
  ];
}

/**
 * `imprimatur verify --offline BUNDLE [FILE]`: checks a report without network and database.
 * @returns 0 when everything holds and the row is the same, 1 when anything differs, 2 when it cannot be told
 */
export async function verifyBundle(
  file: string | undefined,
  { json, offline, at: time, key }: OfflineCommand,
  context: Context,
): Promise<number> {
  const at = timeOf(time, context);
  if (key !== undefined && !/^[0-9a-f]{64}$/i.test(key))
    throw new CliError('bad_key', context.words.offline.badKey(plain(key, 80)));
  const bundle = inputFile(offline, context);
  const path = file === undefined ? null : inputFile(file, context);
  const { signingKeyOf, verifyOffline } = await import('#domain/reports');
  const { reportKey } = await import('#platform/keys');
  const keyring = await localKeysIfAny(context.env);
  const own = keyring && reportKey(keyring.report.privateKeyPkcs8Pem).sha256;
  const ours = own === (await signingKeyOf(bundle));
  const source: KeySource = key ? 'option' : ours ? 'machine' : null;
  const keySha256 = key ?? (ours ? own : null);
  // Another deployment's mark cannot be read with the keys of this one.
  const keys = ours ? keyring!.watermark.map((one) => one.key) : [];
  const check = () =>
    path === null
      ? verifyOffline(bundle, { at, keySha256 })
      : withExaminer(context.env, (examiner, timeoutMs) =>
          verifyOffline(bundle, { at, keySha256, file: { path, keys, examiner, timeoutMs } }),
        );
  const result = await spin(process.stderr, context.words.offline.busy, check());
  if (json) {
    const { outcome, checks, report, reportSha256, keySha256: signedWith, verdict } = result;
    context.out(
      JSON.stringify({ outcome, checks, report: report.id, reportSha256, keySha256: signedWith, verdict }, null, 2),
    );
  } else for (const line of lines(result, source, at, context)) context.out(line);
  return EXITS[result.outcome];
}
