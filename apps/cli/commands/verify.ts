import { basename } from 'node:path';
import { systemClock } from '#kernel';
import type { VerifyReport } from '#contracts';
import { loadConfig } from '#platform/config';
import { EXIT, type Context } from '../context.js';
import { inputFile, localKeysIfAny, localTrust, withExaminer } from '../local.js';
import { NoServiceError, Service } from '../service.js';
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

async function locally(path: string, full: boolean | undefined, context: Context, note: string): Promise<Examined> {
  const keys = await localKeysIfAny(context.env);
  const trust = await localTrust(keys);
  const [{ Verifier }, { PRODUCT }] = await Promise.all([import('#domain/provenance'), import('#platform/core')]);
  const report = await withExaminer(context.env, (examiner, timeoutMs) =>
    new Verifier({
      examiner,
      keys: keys?.watermark.map(({ key }) => key) ?? [],
      trust: () => trust,
      register: () => Promise.resolve(null),
      prints: null,
      clock: systemClock,
      tool: PRODUCT,
    }).verify(path, { timeoutMs, search: full ? 'full' : 'scale' }),
  );
  return { report, by: keys ? context.words.verify.here : context.words.verify.hereNoKeys, note };
}

async function examine(path: string, options: VerifyCommand, context: Context): Promise<Examined> {
  const { env, words } = context;
  if (options.local) return locally(path, options.full, context, words.verify.registerNotWanted);
  const config = loadConfig(env);
  const service = new Service({
    url: options.url,
    env,
    configuredUrl: config.publicUrl,
    dataDir: config.dataDir,
    words,
  });
  try {
    return { report: await service.verify(path), by: words.verify.byService(service.url) };
  } catch (e) {
    if (!(e instanceof NoServiceError)) throw e;
    return locally(path, options.full, context, words.verify.registerNotAsked(service.url));
  }
}

/**
 * `imprimatur verify FILE`: asks the service; when none answers, examines the file here and says that the register
 * could not be asked.
 * @returns 2 when the file could not be examined completely
 */
export async function verify(file: string, options: VerifyCommand, context: Context): Promise<number> {
  const path = inputFile(file, context);
  const { report, by, note } = await spin(process.stderr, context.words.verify.busy, examine(path, options, context));
  if (note) context.note(note);
  if (options.json) context.out(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report, basename(file), by, context)) context.out(line);
  return report.verdict.code === 'unable' ? EXIT.unable : EXIT.done;
}
