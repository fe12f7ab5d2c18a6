import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectRoot } from '#kernel';

/** Native modules that a process has loaded after importing another one. */
async function sharedObjects(module: string): Promise<string[]> {
  const script = `import('./dist/${module}').then(() => {
    process.stdout.write(JSON.stringify(process.report.getReport().sharedObjects), () => process.exit(0));
  })`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: projectRoot, maxBuffer: 1e7 });
  return JSON.parse(stdout) as string[];
}

const MEDIA = /node-av|onnxruntime|sharp|libvips/;

describe('invariant 6: the API process opens no media', () => {
  it('loads no decoder and no model runtime', async () => {
    expect((await sharedObjects('apps/api/server.js')).filter((path) => MEDIA.test(path))).toEqual([]);
  });

  it('would be seen if it did', async () => {
    const loaded = await sharedObjects('libs/engines/media/index.js');
    expect(loaded.some((path) => MEDIA.test(path))).toBe(true);
  });
});
