import { basename } from 'node:path';
import { systemClock } from '#kernel';
import type { VerifyReport } from '#contracts';
import { CliError, EXIT, type Context } from '../context.js';
import { inputFile, localKeysIfAny, localTrust, withExaminer } from '../local.js';
import { configuredService, NoServiceError } from '../service.js';
import { reportLines } from '../show/report.js';
import { spin } from '../terminal.js';

/** Options of `imprimatur verify`. */
export interface VerifyCommand {
  json?: boolean;
  url?: string;
  local?: boolean;
  full?: boolean;
}

interface Examined {
  report: VerifyReport;
  by: string;
  /** Why there is less than the service would give. */
  note?: string;
}

async function locally(
  path: string,
  { full }: VerifyCommand,
  context: Context,
  note: string,
  onProgress: (percent: number) => void,
): Promise<Examined> {
  const keys = await localKeysIfAny(context.env);
  const trust = await localTrust(keys, context.env);
  const [{ Verifier }, { TOOL }] = await Promise.all([import('#domain/provenance'), import('#platform/core')]);
  const report = await withExaminer(context.env, (examiner, timeoutMs) =>
    new Verifier({
      examiner,
      keys: keys?.watermark.map(({ key }) => key) ?? [],
      trust: () => trust,
      register: () => Promise.resolve(null),
      prints: null,
      log: null,
      clock: systemClock,
      tool: TOOL,
      ancestry: null,
    }).verify(path, { timeoutMs, search: full ? 'full' : 'scale', onProgress: (part) => onProgress(part * 100) }),
  );
  return { report, by: keys ? context.words.verify.here : context.words.verify.hereNoKeys, note };
}

/** A file here, or an address that only the service fetches. */
type Subject = { path: string } | { url: string };

async function examine(
  subject: Subject,
  options: VerifyCommand,
  context: Context,
  onProgress: (percent: number) => void,
): Promise<Examined> {
  const { words } = context;
  const path = 'path' in subject ? subject.path : null;
  if (options.local) {
    if (path === null) throw new CliError('url_needs_service', words.faults.urlNeedsService);
    return locally(path, options, context, words.verify.registerNotWanted, onProgress);
  }
  const service = configuredService(options, context);
  try {
    return { report: await service.verify(subject, onProgress), by: words.verify.byService(service.url) };
  } catch (e) {
    if (!(e instanceof NoServiceError) || path === null) throw e;
    return locally(path, options, context, words.verify.registerNotAsked(service.url), onProgress);
  }
}

/**
 * `imprimatur verify FILE|URL`: asks the service; when none answers, examines a file here and says that the register
 * could not be asked.
 * @returns 2 when the file could not be examined completely
 */
export async function verify(what: string, options: VerifyCommand, context: Context): Promise<number> {
  const subject: Subject = /^https?:\/\//i.test(what) ? { url: what } : { path: inputFile(what, context) };
  const name = 'url' in subject ? what : basename(what);
  let percent = 0;
  const busy = () => context.words.verify.busy(Math.floor(percent));
  const work = examine(subject, options, context, (now) => (percent = now));
  const { report, by, note } = await spin(process.stderr, busy, work);
  if (note) context.note(note);
  if (options.json) context.out(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report, name, by, context)) context.out(line);
  return report.verdict.code === 'unable' ? EXIT.unable : EXIT.done;
}
