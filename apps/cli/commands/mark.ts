import { existsSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isReleaseId, newReleaseId, plain } from '#kernel';
import { CliError, EXIT, type Context } from '../context.js';
import { inputFile, localKeysOrNew, withExaminer } from '../local.js';
import { spin } from '../terminal.js';

/** Options of `imprimatur mark`. */
export interface MarkCommand {
  id?: string;
  json?: boolean;
}

function outputFile(path: string, input: string, { words }: Context): string {
  const full = resolve(path);
  if (!existsSync(dirname(full))) throw new CliError('no_folder', words.faults.noFolder(path));
  if (existsSync(full) && realpathSync(full) === realpathSync(input))
    throw new CliError('same_file', words.faults.sameFile);
  return full;
}

/**
 * `imprimatur mark IN OUT --id HEX`: writes a marked copy with this deployment's key and reads the mark back.
 * @returns 1 when it does not read back: such a copy must not be taken for a marked one
 */
export async function mark(input: string, output: string, options: MarkCommand, context: Context): Promise<number> {
  const { words, env, out } = context;
  const path = inputFile(input, context);
  const target = outputFile(output, path, context);
  const releaseId = options.id?.toLowerCase() ?? newReleaseId();
  if (!isReleaseId(releaseId)) throw new CliError('bad_id', words.faults.badId(plain(options.id ?? '', 60)));
  const key = (await localKeysOrNew(context)).watermark[0]!.key;
  const { written, read } = await withExaminer(env, async (examiner, timeoutMs) => {
    let done = 0;
    const onProgress = (fraction: number) => (done = fraction);
    const busy = () => `${words.mark.busy} ${Math.round(done * 100)}%`;
    const marking = examiner.run('mark', { input: path, output: target, key, releaseId }, { timeoutMs, onProgress });
    const written = await spin(process.stderr, busy, marking);
    const reading = examiner.run('readMark', { path: target, keys: [key], search: 'identity' }, { timeoutMs });
    return { written, read: await spin(process.stderr, words.mark.reading, reading) };
  });
  const readBack = read.state === 'found' && read.releaseId === releaseId;
  const [z, threshold] = [(read.z ?? 0).toFixed(1), read.threshold.toFixed(1)];
  if (options.json) {
    const { frames, durationS } = written;
    out(
      JSON.stringify(
        {
          object: 'mark',
          output: target,
          id: releaseId,
          frames,
          duration_s: durationS,
          read_back: readBack,
          watermark: read,
        },
        null,
        2,
      ),
    );
  } else {
    out(words.mark.done(plain(output), releaseId));
    out(words.mark.frames(written.frames, written.durationS.toFixed(1)));
    if (readBack) out(words.mark.readBack(z, threshold));
    out(words.mark.notReleased);
  }
  if (!readBack) context.note(words.mark.notReadBack(z, threshold));
  return readBack ? EXIT.done : EXIT.failure;
}
