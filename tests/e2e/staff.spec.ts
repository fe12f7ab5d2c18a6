import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectRoot } from '#kernel';
import { TOTP } from 'otpauth';
import { StaffSessionView, StaffTicket } from '#contracts';
import { startService, until, type TestService } from '../support/service.js';
import { ask } from '../support/staff.js';

let service: TestService;
beforeAll(async () => {
  service = await startService();
}, 120_000);
afterAll(() => service?.stop());

it('the first person of an empty deployment gets in as the start says', async () => {
  const says = () => /npx imprimatur (staff create --email you@example\.org --roles admin)/.exec(service.output());
  // The server answers a moment before the start has said so.
  await until(async () => says() !== null, 30_000);
  const [, words] = says()!;
  // Not a call that blocks: connections that the server closes meanwhile would be taken for open ones.
  const { stdout: out } = await promisify(execFile)(process.execPath, ['apps/cli/bin.mjs', ...words!.split(' ')], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      LANG: 'C',
      IMPRIMATUR_DATA_DIR: service.dataDir,
      DATABASE_URL: service.databaseUrl,
      PORT: new URL(service.url).port,
    },
  });
  const url = new URL(out.trim());
  expect(url.origin).toBe(service.url);
  const post = (path: string, body: object) =>
    ask(`${service.url}/v1/staff/${path}`, 'POST', body, { origin: service.url });
  const token = /token=(.+)/.exec(url.hash)![1];
  const accepted = StaffTicket.parse((await post('accept', { token, password: 'mauve tabouret canoë orage' })).body);
  const app = new TOTP({ secret: new URL(accepted.otpauth_url!).searchParams.get('secret')! });
  const answer = await post('totp', { ticket: accepted.ticket, code: app.generate() });
  const view = StaffSessionView.parse(answer.body);
  expect(view.may).toContain('staff.edit');
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  const list = await ask(`${service.url}/v1/desk/staff`, 'GET', undefined, { cookie });
  expect(list.body.data).toMatchObject([{ email: 'you@example.org', state: 'active', totp: true }]);
  // Nothing that was secret on the way is in the log.
  for (const secret of [token!, 'canoë', accepted.ticket, cookie.split('=')[1]!])
    expect(service.output()).not.toContain(secret);
});
