import { spawnSync } from 'node:child_process';
import { appendFile, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getDocumentProxy, extractText } from 'unpdf';
import { ZipFile } from 'yazl';
import { buffer } from 'node:stream/consumers';
import { canonicalJson, projectRoot, sha256Hex } from '#kernel';
import { SignedReport } from '#contracts';
import type { Examiner } from '#domain/examination';
import { verifyOffline, type OfflineResult, type ReportPaths } from '#domain/reports';
import { unpackBundle } from '../../libs/domain/reports/unpack.js';
import { packBundle } from '../../libs/domain/reports/pack.js';
import type { Entries, EntryName } from '../../libs/domain/reports/entries.js';
import { createReportWorld } from '../support/report-world.js';

type World = Awaited<ReturnType<typeof createReportWorld>>;

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8');

type AllPaths = Required<ReportPaths>;

describe('the files of a report', () => {
  let world: World;
  let made: AllPaths;
  let key: string;
  let entries: Entries;
  let count = 0;

  beforeAll(async () => {
    world = await createReportWorld();
    const files = world.files();
    key = files.keySha256;
    const started = performance.now();
    made = (await files.make(world.report, world.clip)) as AllPaths;
    console.info(`all files of a report in ${Math.round(performance.now() - started)} ms`);
    entries = await unpackBundle(made.bundle);
  });
  afterAll(async () => {
    await world.close();
    await rm(world.folder, { recursive: true, force: true });
  });

  /** A bundle with other files in it. */
  async function bundleWith(change: Partial<Record<EntryName, Uint8Array | string | null>>): Promise<string> {
    const other: Entries = new Map(entries);
    for (const [name, content] of Object.entries(change)) {
      if (content === null) other.delete(name as EntryName);
      else other.set(name as EntryName, Buffer.from(content));
    }
    const path = world.at(`bundle-${count++}.zip`);
    await writeFile(path, await packBundle(other));
    return path;
  }

  const check = (bundle: string, more: Partial<Parameters<typeof verifyOffline>[1]> = {}) =>
    verifyOffline(bundle, { at: new Date(), keySha256: key, ...more });
  const faults = ({ checks }: OfflineResult) =>
    checks.filter(({ state }) => state === 'differs').map(({ name }) => name);
  const file = (path: string) => ({ path, keys: [], examiner: world.examiner, timeoutMs: 60_000 });

  it('are signed and stamped over the canonical report, whose hash is what the log is promised', async () => {
    expect(world.report.verdict).toMatchObject({ row: 1, code: 'released_exact' });
    const envelope = SignedReport.parse(JSON.parse(await readFile(made.json, 'utf8')));
    expect(envelope.report).toEqual(world.report);
    expect(text(entries.get('report-canonical.json'))).toBe(canonicalJson(world.report));
    expect(sha256Hex(entries.get('report-en.pdf')!)).toBe(sha256Hex(await readFile(made.pdf)));
  });

  it('show the release beside the file, and the hash of the report on the PDF', async () => {
    expect(world.opened).toEqual([world.release.id]);
    for (const name of ['report-en.pdf', 'report-fr.pdf'] as const) {
      const pdf = await getDocumentProxy(Uint8Array.from(entries.get(name)!));
      const pages = (await extractText(pdf)).text.join(' ');
      expect(pages).toContain(sha256Hex(canonicalJson(world.report)));
      expect(pages).toContain(key);
      expect(pages).toMatch(/(Release|Diffusion) 0123456789abcdef, seconde? \d/);
    }
  });

  it('give the same row with the network off, with and without the file', async () => {
    const result = await check(made.bundle, { file: file(world.clip) });
    expect(result.checks.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'files holds',
      'report holds',
      'key holds',
      'time_stamp holds',
      'log holds',
      'row holds',
      'file holds',
      'file_credentials holds',
      'file_watermark not_checked',
    ]);
    expect(result).toMatchObject({ outcome: 'same', verdict: world.report.verdict });
    const marked = await check(made.bundle, { file: { ...file(world.clip), keys: ['11'.repeat(32)] } });
    expect(marked.checks.at(-1)).toMatchObject({ name: 'file_watermark', state: 'holds' });
    expect((await check(made.bundle)).outcome).toBe('same');
  });

  it('are not accused by a reader of marks that fails now', async () => {
    const failing: Examiner = {
      ...world.examiner,
      run: async (task, ...rest) => {
        const found = await world.examiner.run(task, ...rest);
        return task === 'readMark' ? { ...found, state: 'unable' } : found;
      },
    };
    const keys = ['11'.repeat(32)];
    const result = await check(made.bundle, { file: { ...file(world.clip), keys, examiner: failing } });
    expect(result.outcome).toBe('unable');
    expect(result.checks.at(-1)).toMatchObject({ name: 'file_watermark', state: 'unable' });
  });

  it('never pass on the word of the bundle alone for its key', async () => {
    expect((await check(made.bundle, { keySha256: null })).outcome).toBe('unable');
    expect(faults(await check(made.bundle, { keySha256: '00'.repeat(32) }))).toEqual(['key']);
    const forged = (await world.files().make(world.report, world.clip)) as AllPaths;
    expect(faults(await check(forged.bundle))).toEqual(['key']);
  });

  it('judge the authority of time at the given time', async () => {
    const pdf = await getDocumentProxy(Uint8Array.from(entries.get('report-en.pdf')!));
    const [, printed = ''] = /--at (\S+Z)/.exec((await extractText(pdf)).text.join(' ')) ?? [];
    expect((await check(made.bundle, { at: new Date(printed) })).outcome).toBe('same');
    expect(faults(await check(made.bundle, { at: new Date('2020-01-01') }))).toEqual(['time_stamp']);
    expect(faults(await check(made.bundle, { at: new Date('2060-01-01') }))).toEqual(['time_stamp']);
  });

  it('betray a changed report', async () => {
    const envelope = JSON.parse(text(entries.get('report.json'))) as SignedReport;
    const { verdict } = envelope.report;
    const other = { ...envelope, report: { ...envelope.report, verdict: { ...verdict, row: 2 } } };
    const result = await check(await bundleWith({ 'report.json': JSON.stringify(other) }));
    expect(faults(result)).toEqual(['files', 'report', 'row']);
    const both = { 'report.json': JSON.stringify(other), 'report-canonical.json': canonicalJson(other.report) };
    expect(faults(await check(await bundleWith(both)))).toEqual(['files', 'report', 'time_stamp', 'row']);
    // A field that no schema knows is covered by the signature as well.
    const more = { ...envelope, report: { ...envelope.report, note: 'x' } };
    expect(faults(await check(await bundleWith({ 'report.json': JSON.stringify(more) })))).toContain('report');
  });

  it('betray another answer of the register, another list of trust, another log entry', async () => {
    const none = { registered: { bytes: null, manifest: null, watermark: null, named: [] } };
    expect(faults(await check(await bundleWith({ 'signals.json': JSON.stringify(none) })))).toEqual([
      'files',
      'log',
      'row',
    ]);
    const trust = text(entries.get('trust.json')).replace('"tsaAnchorsPem":[', '"tsaAnchorsPem":["x",');
    expect(faults(await check(await bundleWith({ 'trust.json': trust })))).toEqual(['files']);
    const proof = text(entries.get('proof.tlog-proof')).replace('index 3', 'index 2');
    expect(faults(await check(await bundleWith({ 'proof.tlog-proof': proof })))).toEqual(['files', 'log']);
    const leaf = text(entries.get('log-entry.json')).replace('0123456789abcdef', 'fedcba9876543210');
    expect(faults(await check(await bundleWith({ 'log-entry.json': leaf })))).toEqual(['files', 'log']);
    const gone = await bundleWith({ 'log-entry.json': null, 'log-key.txt': null, 'proof.tlog-proof': null });
    expect(faults(await check(gone))).toEqual(['files']);
  });

  it('betray a swapped PDF and a swapped file', async () => {
    expect(faults(await check(await bundleWith({ 'report-fr.pdf': entries.get('report-en.pdf')! })))).toEqual([
      'files',
    ]);
    const other = world.at('other.mp4');
    await copyFile(world.clip, other);
    await appendFile(other, Buffer.from('0000000866726565', 'hex'));
    const result = await check(made.bundle, { file: file(other) });
    expect(faults(result)).toEqual(['file']);
    expect(result.checks.some(({ name }) => name === 'file_credentials')).toBe(false);
  });

  it('are refused with a typed error when they are no bundle of ours', async () => {
    const refused = async (path: string, code: string) => expect(check(path)).rejects.toMatchObject({ code });
    await refused(await bundleWith({ 'signals.json': null }), 'bundle_entry_missing');
    await refused(await bundleWith({ 'log-key.txt': null }), 'bundle_entry_missing');
    await refused(await bundleWith({ 'signals.json': '{' }), 'bundle_json_invalid');
    await refused(await bundleWith({ 'signals.json': Buffer.from([0xff, 0xfe]) }), 'bundle_json_invalid');
    await refused(await bundleWith({ 'report.json': `${'['.repeat(200_000)}` }), 'bundle_json_invalid');
    await refused(await bundleWith({ 'report.json': '{"report":1}' }), 'bundle_json_invalid');
    // A bomb: 40 MB of spaces that pack to 40 kB.
    await refused(await bundleWith({ 'signals.json': Buffer.alloc(40_000_000, 0x20) }), 'bundle_too_large');
    const plain = world.at('plain.zip');
    await writeFile(plain, 'PK');
    await refused(plain, 'bundle_unreadable');
    await writeFile(plain, (await readFile(made.bundle)).subarray(0, 5000));
    await refused(plain, 'bundle_unreadable');
  });

  it('are refused when names lead elsewhere or come twice, and lies about sizes end at the limit', async () => {
    const zipOf = async (names: string[], patch: (zip: Buffer) => void = () => undefined) => {
      const zip = new ZipFile();
      for (const name of names) zip.addBuffer(Buffer.alloc(3_000_000, 0x20), name);
      zip.end();
      const bytes = await buffer(zip.outputStream);
      patch(bytes);
      const path = world.at(`odd-${count++}.zip`);
      await writeFile(path, bytes);
      return path;
    };
    const swap = (from: string, to: string) => (zip: Buffer) => {
      for (let at = zip.indexOf(from); at >= 0; at = zip.indexOf(from, at + 1)) zip.write(to, at, 'latin1');
    };
    const refused = async (path: string, code: string) => expect(check(path)).rejects.toMatchObject({ code });
    await refused(await zipOf(['surprise.txt']), 'bundle_entry_unknown');
    await refused(await zipOf(['__/etc/pass'], swap('__/etc/pass', '../etc/pass')), 'bundle_unreadable');
    await refused(
      await zipOf(['signals.json', 'signalx.json'], swap('signalx.json', 'signals.json')),
      'bundle_entry_twice',
    );
    // Both headers say one byte; the content goes on.
    const lie = (zip: Buffer) => {
      const central = zip.indexOf(Buffer.from('504b0102', 'hex'));
      zip.writeUInt32LE(1, central + 24);
    };
    await refused(await zipOf(['signals.json'], lie), 'bundle_unreadable');
  });

  it('are checked on the command line, which ends with 0, 1 or 2', async () => {
    const cli = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectRoot, 'apps/cli/bin.mjs'), ...args], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, LANG: 'C', IMPRIMATUR_DATA_DIR: world.at('nothing') },
      });
      return { status, stdout, stderr };
    };
    const at = new Date().toISOString();
    const good = cli('verify', world.clip, '--offline', made.bundle, '--at', at, '--key', key);
    expect(good).toMatchObject({ status: 0, stderr: '' });
    expect(good.stdout).toMatch(/^Everything holds[^]*row 1 \(released_exact\)[^]*Its credentials +holds/);
    const unknown = cli('verify', '--offline', made.bundle, '--at', at, '--lang', 'fr');
    expect(unknown.status).toBe(2);
    expect(unknown.stdout).toMatch(/^Rien ne diffère[^]*Clé de signature +indéterminé/);
    const bad = await bundleWith({ 'report-en.pdf': 'x' });
    const json = cli('verify', '--offline', bad, '--key', key, '--json');
    expect([json.status, (JSON.parse(json.stdout) as OfflineResult).outcome]).toEqual([1, 'differs']);
    expect(cli('verify', '--offline', made.bundle, '--at', 'noon')).toMatchObject({ status: 1, stdout: '' });
    expect(cli('verify', '--at', at)).toMatchObject({ status: 1, stdout: '' });
  });

  it('are not made of a withdrawn release, nor when the register answers otherwise', async () => {
    world.opened.length = 0;
    world.release.withdrawnAt = new Date(0).toISOString();
    await expect(world.files().make(world.report, world.clip)).rejects.toMatchObject({
      code: 'report_not_reproducible',
    });
    expect(world.opened).toEqual([]);
    // A withdrawal after the examination leaves the report as it was, but no picture of the release is shown.
    world.release.withdrawnAt = new Date(Date.now() + 1000).toISOString();
    const late = await world.files().make(world.report, world.clip);
    expect((await check(late.bundle!, { keySha256: null })).checks.filter(({ state }) => state === 'differs')).toEqual(
      [],
    );
    expect(world.opened).toEqual([]);
  });
});
