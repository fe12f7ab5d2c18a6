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
 * Serves the pages that `tools/setup.mjs` built: the public verify page at `/verify`, their files at `/assets`.
 * Without a build there are no pages, and the rest of the API is as ever.
 * @param maxUploadBytes told to the page, so that it need not send what would be refused
 */
export function servePages(app: NestExpressApplication, maxUploadBytes: number): void {
  const file = join(BUILT, 'verify/index.html');
  if (!existsSync(file)) return;
  const html = readFileSync(file, 'utf8').replace('%MAX_UPLOAD_BYTES%', String(maxUploadBytes));
  const assets = readAssets(join(BUILT, 'assets'));
  const http = app.getHttpAdapter().getInstance();
  http.get('/verify', (_request, response) => {
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('cache-control', 'no-store');
    response.type('html').send(html);
  });
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
