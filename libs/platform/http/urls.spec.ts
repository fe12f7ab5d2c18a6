import { assertPublicUrl, HttpError, safeFetch, type Resolver } from './index.js';

const to =
  (...addresses: string[]): Resolver =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

async function failure(work: Promise<unknown>): Promise<HttpError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof HttpError) return thrown;
    throw thrown;
  }
  throw new Error('it was expected to fail');
}

describe('addresses that are refused', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://198.18.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::7f00:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::a00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[fd00:ec2::254]/',
    'http://[ff02::1]/',
    'http://[4000::1]/',
    'http://localhost/',
    'http://localhost./',
    'http://a.localhost/',
    'http://printer.local/',
    'http://metadata.google.internal/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'http://user:pass@example.com/',
    'http://user@example.com/',
    'http://example.com:22/',
    'http://example.com:25/',
    'nonsense',
    '',
  ])('%s', async (url) => {
    const resolve = to('93.184.216.34');
    expect((await failure(assertPublicUrl(url, { resolve }))).code).toBe('url_not_allowed');
    const thrown = await failure(safeFetch(url, { timeoutMs: 1000, maxBytes: 10, resolve }));
    expect(thrown).toMatchObject({ code: 'url_not_allowed', kind: 'invalid', details: { param: 'url' } });
  });

  it.each([
    'http://169.254.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fd00:ec2::254]/',
    'http://0.0.0.0/',
    'http://224.0.0.1/',
  ])('%s even where private networks are allowed', async (url) => {
    expect((await failure(assertPublicUrl(url, { allowPrivate: true }))).code).toBe('url_not_allowed');
  });

  it.each([
    'https://example.com/hook',
    'http://example.com:8080/a?b=c',
    'http://93.184.216.34/',
    'http://[2606:2800::1]/',
  ])('but not %s', async (url) => {
    expect((await assertPublicUrl(url, { resolve: to('93.184.216.34') })).href).toBe(url);
  });

  it('a name is refused as soon as one of its addresses is private, and accepted while it does not resolve', async () => {
    const mixed = assertPublicUrl('https://mixed.example/', { resolve: to('93.184.216.34', '10.0.0.1') });
    expect((await failure(mixed)).code).toBe('url_not_allowed');
    const absent = async () => Promise.reject(new Error('ENOTFOUND'));
    await expect(assertPublicUrl('https://later.example/', { resolve: absent })).resolves.toBeInstanceOf(URL);
  });

  it('allow-lists open exactly what they name', async () => {
    const allowed = async (url: string, allowPrivate: string[]) =>
      (await assertPublicUrl(url, { allowPrivate })).hostname;
    await expect(allowed('http://10.1.2.3/', ['10.1.0.0/16'])).resolves.toBe('10.1.2.3');
    await expect(allowed('http://[fd12::3]/', ['fd12::/16'])).resolves.toBe('[fd12::3]');
    expect((await failure(allowed('http://10.2.2.3/', ['10.1.0.0/16']))).code).toBe('url_not_allowed');
    await expect(allowed('http://10.2.2.3/', ['10.1.0.0/33'])).rejects.toMatchObject({
      code: 'address_policy_invalid',
    });
    expect((await assertPublicUrl('http://example.com:25/', { ports: [25], resolve: to('93.184.216.34') })).port).toBe(
      '25',
    );
  });
});
