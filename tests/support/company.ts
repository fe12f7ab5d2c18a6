import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';
import { freePort } from './service.js';

/** What the company says of whoever signs in next. */
export interface Account {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
}

/** A real OpenID Provider whose people need not type anything. */
export interface Company {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who signs in next. */
  account: Account;
  /** Follows an authorization request through the provider. @returns the address that it sends the browser back to */
  visit(url: string): Promise<string>;
  close(): Promise<void>;
}

/** Cookies of one browser at the provider. */
class Jar {
  private readonly kept = new Map<string, string>();

  async get(url: string): Promise<string> {
    const cookie = [...this.kept].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [name, value] = set.split(';')[0]!.split('=') as [string, string];
      this.kept.set(name, value);
    }
    const location = answer.headers.get('location');
    if (!location) throw new Error(`the provider answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    return new URL(location, url).href;
  }
}

/** Starts {@link Company}. @param redirectUri where it sends people back to; asked when they sign in */
export async function openCompany(redirectUri: string): Promise<Company> {
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const [clientId, clientSecret] = ['imprimatur', 'a secret + of / the client'];
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const company = { account: { sub: 'nobody' } as Account };
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    cookies: { keys: ['only for this test'] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' }] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => company.account }),
    loadExistingGrant: async (ctx: { oidc: { session: { accountId: string }; client: { clientId: string } } }) => {
      const { session, client } = ctx.oidc;
      const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const serve = provider.callback();
  const server: Server = createServer((request, response) => {
    if (!request.url?.startsWith('/interaction/')) return serve(request, response);
    const result = { login: { accountId: company.account.sub } };
    provider
      .interactionFinished(request, response, result, { mergeWithLastSubmission: false })
      .catch((e: unknown) => response.writeHead(500).end(String(e)));
  });
  await new Promise<void>((done) => server.listen(Number(new URL(issuer).port), '127.0.0.1', done));
  const visit = async (url: string): Promise<string> => {
    const jar = new Jar();
    let at = url;
    for (let i = 0; i < 8 && at.startsWith(issuer); i++) at = await jar.get(at);
    return at;
  };
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return Object.assign(company, { issuer, clientId, clientSecret, visit, close });
}
