import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { projectRoot } from '#kernel';

const NONCE_BYTES = 16;

/**
 * What the console may do. Its styles are made while it runs: they carry a nonce that this answer alone has, so that nothing else
 * may be inline. `blob:` is the picture of a one-time code's secret.
 */
function policyOf(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob:",
    "media-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Serves the console of moderators at `/dashboard`; its files are at `/assets` like those of the other pages. Who is signed in, and what
 * they may see, is asked of `/v1/staff` and `/v1/desk`: the page itself holds nothing. Without a build there is no console.
 */
export function serveDashboard(app: NestExpressApplication): void {
  const file = join(projectRoot, 'dist/dashboard/desk/index.html');
  if (!existsSync(file)) return;
  const html = readFileSync(file, 'utf8');
  const http = app.getHttpAdapter().getInstance();
  http.get('/dashboard', (_request, response) => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    response.setHeader('content-security-policy', policyOf(nonce));
    response.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=(), display-capture=()');
    response.setHeader('cache-control', 'no-store');
    response.type('html').send(html.replace('%STYLE_NONCE%', nonce));
  });
}
