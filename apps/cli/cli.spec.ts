import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { openClipWriter } from '#engines/media';
import { z } from 'zod';

const dir = mkdtempSync(join(tmpdir(), 'cli-'));
const clip = join(dir, 'clip.mp4');
const marked = join(dir, 'marked.mp4');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs the command line as a user does. Nothing listens on port 1. */
function cli(args: string[], env: Record<string, string> = {}, input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectRoot, 'apps/cli/bin.mjs'), ...args], {
    encoding: 'utf8',
    input,
    env: {
      PATH: process.env.PATH,
      LANG: 'C',
      IMPRIMATUR_DATA_DIR: join(dir, 'data'),
      IMPRIMATUR_URL: 'http://127.0.0.1:1',
      ...env,
    },
  });
  return { code: status, out: stdout, err: stderr };
}

/** Two seconds of soft texture that moves to the left: enough for the mark to hold on to. */
async function writeTexture(path: string): Promise<void> {
  const [width, height, frames] = [640, 360, 48];
  const wide = width + frames;
  const texture = Buffer.alloc(wide * height * 3);
  for (let i = 0; i < wide * height; i++) {
    const [x, y] = [i % wide, Math.floor(i / wide)];
    const wave = 40 * Math.sin(x / 9) * Math.cos(y / 13) + 25 * Math.sin((x + 2 * y) / 31);
    texture[3 * i] = texture[3 * i + 1] = texture[3 * i + 2] = 110 + wave + ((x * 7919 + y * 104729) % 23);
  }
  const writer = await openClipWriter(path, { width, height, fps: 24 });
  const rgb = Buffer.alloc(width * height * 3);
  for (let frame = 0; frame < frames; frame++) {
    for (let y = 0; y < height; y++)
      texture.copy(rgb, 3 * y * width, 3 * (y * wide + frame), 3 * (y * wide + frame + width));
    await writer.writeRgb(rgb);
  }
  await writer.close();
}

describe('imprimatur', () => {
  beforeAll(() => writeTexture(clip));

  it('explains itself in both languages and ends with 1 when it is not understood', () => {
    const help = cli(['--help', '--lang', 'fr']);
    expect(help.code).toBe(0);
    expect(help.out).toMatch(/Commandes :[^]*verify[^]*moderate[^]*review/);
    const unknown = cli(['approve']);
    expect([unknown.code, unknown.err]).toEqual([1, "The command was not understood: unknown command 'approve'\n"]);
    const missing = cli(['verify', join(dir, 'none.mp4')], { LANG: 'fr_FR.UTF-8' });
    expect([missing.code, missing.err]).toEqual([1, `erreur : Le fichier ${join(dir, 'none.mp4')} n’existe pas.\n`]);
  });

  it('moderates one text', () => {
    const harmless = cli(['moderate', 'A red fox runs through a snowy forest at dusk']);
    expect(harmless.code).toBe(0);
    expect(harmless.out).toMatch(/^Decision +allow$/m);
    const graphic = cli(['moderate', '--json', '-'], {}, 'A close-up of a gunshot wound with blood and exposed organs');
    expect(graphic.code).toBe(0); // a refusal is an answer
    expect(JSON.parse(graphic.out)).toMatchObject({ decision: 'refuse', lang: 'en', audience: 'adult' });
    expect(cli(['moderate', 'x', '--audience', 'everybody'])).toMatchObject({ code: 1, out: '' });
  });

  it('moderates ten thousand lines, names the bad ones and ends with 1', () => {
    const [input, output] = [join(dir, 'in.jsonl'), join(dir, 'out.jsonl')];
    const texts = [
      'A lighthouse on a rocky coast',
      'Un train à vapeur traverse un pont',
      'A gunshot wound with blood and exposed organs',
    ];
    const lines = Array.from({ length: 10_000 }, (_, n) =>
      JSON.stringify({ n, text: texts[n % 3], kind: 'video_prompt' }),
    );
    lines[4321] = '{"text": ';
    writeFileSync(input, lines.join('\n'));
    const { code, err } = cli(['moderate', '--jsonl', input, output]);
    expect([code, err.split('\n')[0]]).toEqual([1, 'line 4322: is not valid JSON']);
    expect(err).not.toMatch(/Warning/);
    const rows = readFileSync(output, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) =>
        z.looseObject({ n: z.number(), decision: z.string(), unsafe: z.number() }).parse(JSON.parse(line)),
      );
    expect(rows).toHaveLength(9999);
    expect(rows.every(({ n, decision }) => decision === (n % 3 === 2 ? 'refuse' : 'allow'))).toBe(true);
    // The same on pipes.
    const piped = cli(['moderate', '--jsonl', '-', '-'], {}, `${lines[0]}\n`);
    expect([piped.code, piped.out]).toEqual([0, `${readFileSync(output, 'utf8').split('\n')[0]}\n`]);
  });

  it('marks a clip and finds the mark again', () => {
    expect(cli(['verify', clip, '--local']).out).toMatch(/where there are no keys/);
    expect(cli(['mark', clip, marked, '--id', 'coffee']).code).toBe(1);
    expect(cli(['mark', clip, clip]).err).toMatch(/overwrite the input/);
    const done = cli(['mark', clip, marked, '--id', '00C0FFEE12345678', '--json']);
    expect([done.code, JSON.parse(done.out)]).toMatchObject([
      0,
      { id: '00c0ffee12345678', frames: 48, read_back: true },
    ]);

    // No service answers, so the register cannot be asked: no statement of origin, whatever the pictures carry.
    const found = cli(['verify', marked, '--json']);
    expect(found.code).toBe(2);
    expect(found.err).toMatch(
      /No service answers at http:\/\/127.0.0.1:1, so the register of releases could not be asked/,
    );
    expect(JSON.parse(found.out)).toMatchObject({
      verdict: { code: 'unable' },
      watermark: { state: 'found', releaseId: '00c0ffee12345678' },
      failed: ['registry'],
    });
    expect(cli(['keys', 'init']).out).toMatch(/already/);
    const unmarked = cli(['verify', clip, '--local', '--lang', 'fr']);
    expect(unmarked.code).toBe(2);
    expect(unmarked.out).toMatch(/Filigrane +aucun trouvé/);
  });

  it('shows the signals of frames and of pictures', () => {
    const seen = cli(['inspect', clip, '--json']);
    expect(seen.code).toBe(0);
    const { signals, frames } = z
      .object({ frames: z.number(), signals: z.array(z.object({ detector: z.string(), state: z.string() })) })
      .parse(JSON.parse(seen.out));
    expect(frames).toBeGreaterThan(3);
    expect(signals.find(({ detector }) => detector === 'vision.nsfw')).toMatchObject({ state: 'measured' });
    expect(cli(['inspect', join(projectRoot, 'tests/fixtures/images/astronaut_collins.png')]).out).toMatch(
      /png 512x512/,
    );
    expect(cli(['inspect', join(projectRoot, 'package.json')])).toMatchObject({ code: 1, out: '' });
    expect(existsSync(join(dir, 'data/postgres'))).toBe(false);
  });
});
