import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type OpenAI from 'openai';
import type { ClipView } from '#contracts';
import { compiledModule } from '#kernel';

/** Downloads a released clip with the SDK. @returns its path */
export async function download(client: OpenAI, { id, release }: ClipView, dir: string): Promise<string> {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, `clip-${release?.id ?? id}.mp4`);
  const { body } = await client.videos.downloadContent(id);
  if (!body) throw new Error('The service sent no file.');
  await pipeline(Readable.fromWeb(body as never), createWriteStream(path));
  return path;
}

/** Does to a clip what a messenger does: smaller, encoded again, no metadata. @returns the path of the copy */
export async function reencode(path: string): Promise<string> {
  const output = path.replace(/\.mp4$/, '-reencoded.mp4');
  const child = spawn(process.execPath, [compiledModule(import.meta.url, './reencode/main.js'), path, output], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((done, fail) => child.once('exit', done).once('error', fail));
  if (code !== 0) throw new Error(`Re-encoding ended with ${code}.`);
  return output;
}
