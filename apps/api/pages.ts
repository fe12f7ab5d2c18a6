import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { projectRoot } from '#kernel';

const BUILT = join(projectRoot, 'dist/dashboard');

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, nothing inline. `blob:` is the reader's own file, shown without being sent. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  'media-src blob:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What a page may ask the browser for beyond showing itself. */
const PERMISSIONS = {
  none: 'camera=(), microphone=(), geolocation=(), display-capture=()',
  /** The recording at enrolment, only after the person released it. */
  camera: 'camera=(self), microphone=(self), geolocation=(), display-capture=()',
};

/** Address of each page: folder of its build and permissions. */
const PAGES: Record<string, { folder: string; permissions: string }> = {
  '/verify': { folder: 'verify', permissions: PERMISSIONS.none },
  '/consent': { folder: 'consent', permissions: PERMISSIONS.camera },
  '/guardian': { folder: 'guardian', permissions: PERMISSIONS.none },
};

interface Asset {
  type: string;
  /** Bytes as they are, and compressed where that was made. */
  as: Partial<Record<'identity' | 'gzip' | 'br', Buffer>>;
}

/** All files of the pages by name. What is not in the list when the process starts is never served. */
function readAssets(folder: string): Map<string, Asset> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const read = (name: string) => (names.includes(name) ? readFileSync(join(folder, name)) : undefined);
  return new Map(
    names.flatMap((name): [string, Asset][] => {
      const type = TYPES[extname(name)];
      return type
        ? [[name, { type, as: { identity: read(name), gzip: read(`${name}.gz`), br: read(`${name}.br`) } }]]
        : [];
    }),
  );
}

/**
 * Serves the pages that `tools/setup.mjs` built: the public verify page at `/verify`, the page of persons at `/consent`,
 * that of guardians at `/guardian`, their files at `/assets`. Secrets of the last two stand in the fragment of their
 * address, which browsers send to nobody. Without a build there are no pages, and the rest of the API is as ever.
 * @param maxUploadBytes told to the pages, so that they need not send what would be refused
 */
export function servePages(app: NestExpressApplication, maxUploadBytes: number): void {
  const assets = readAssets(join(BUILT, 'assets'));
  const http = app.getHttpAdapter().getInstance();
  for (const [path, { folder, permissions }] of Object.entries(PAGES)) {
    const file = join(BUILT, folder, 'index.html');
    if (!existsSync(file)) continue;
    const html = readFileSync(file, 'utf8').replace('%MAX_UPLOAD_BYTES%', String(maxUploadBytes));
    http.get(path, (_request, response) => {
      response.setHeader('content-security-policy', POLICY);
      response.setHeader('permissions-policy', permissions);
      response.setHeader('cache-control', 'no-store');
      response.type('html').send(html);
    });
  }
  http.get('/assets/:name', (request, response, next) => {
    const asset = assets.get(request.params.name);
    if (!asset) return next();
    const accepted = request.acceptsEncodings(['br', 'gzip', 'identity']);
    const encoding = accepted === 'br' || accepted === 'gzip' ? accepted : 'identity';
    const bytes = asset.as[encoding];
    if (bytes && encoding !== 'identity') response.setHeader('content-encoding', encoding);
    response.setHeader('vary', 'accept-encoding');
    // The name holds the digest of the content.
    response.setHeader('cache-control', 'public, max-age=31536000, immutable');
    response.setHeader('content-type', asset.type);
    response.send(bytes ?? asset.as.identity);
  });
}
