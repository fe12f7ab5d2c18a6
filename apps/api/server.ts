import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import helmet from 'helmet';
import { PRODUCT, type Core } from '#platform/core';
import { nestLogger } from '#platform/telemetry';
import { ApiModule } from './api.module.js';
import { serveDashboard } from './dashboard.js';
import { openApiDocument } from './docs/openapi.js';
import { servePages } from './pages.js';
import { assemble } from './parts.js';
import { JSON_LIMIT_BYTES, assertFewParts, jsonBodies } from './wire/json-bodies.js';
import { requests } from './wire/request.middleware.js';
import { textOnly } from './wire/text.js';

function quieter(level: Core['config']['LOG_LEVEL']): Core['config']['LOG_LEVEL'] {
  return level === 'info' ? 'warn' : level;
}

/** Builds the HTTP server; it does not listen yet. */
export async function createServer(core: Core): Promise<NestExpressApplication> {
  const parts = await assemble(core);
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.with(core, parts), {
    // Nest's own talk of what it found is for those who look for it.
    logger: nestLogger(core.logger.child({}, { level: quieter(core.config.LOG_LEVEL) })),
    bodyParser: false,
  });
  app.disable('x-powered-by');
  if (core.config.TRUST_PROXY) app.set('trust proxy', core.config.TRUST_PROXY);
  app.use(requests(core.logger, core.metrics));
  // Swagger's page styles itself inline; everything else is served from here.
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          'script-src': ["'self'"],
          'style-src': ["'self'", "'unsafe-inline'"],
          'upgrade-insecure-requests': null,
        },
      },
    }),
  );
  app.use(jsonBodies(parts.keys));
  // What is compressed could unpack to anything.
  // Nest's type leaves out `verify`, which body-parser has.
  const options = { limit: JSON_LIMIT_BYTES, inflate: false, verify: assertFewParts };
  app.useBodyParser('json', options);
  app.use(textOnly);
  const document = openApiDocument(core.config.publicUrl, PRODUCT.version);
  app.use('/openapi.json', (_request: Request, response: Response) => void response.json(document));
  servePages(app, core.config.maxUploadBytes);
  serveDashboard(app);
  SwaggerModule.setup('docs', app, document as never, { customSiteTitle: 'Imprimatur API' });
  return app;
}
