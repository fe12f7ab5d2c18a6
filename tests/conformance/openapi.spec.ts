import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { startService, type TestService } from '../support/service.js';
import { ApiModule } from '../../apps/api/api.module.js';

type Json = Record<string, unknown>;
type Operation = Json & {
  parameters?: Json[];
  responses: Record<string, Json>;
  security?: unknown[];
  summary?: string;
  tags?: string[];
};

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

let service: TestService;
let document: Json;
let operations: { path: string; method: string; operation: Operation }[];

beforeAll(async () => {
  service = await startService();
  document = (await (await fetch(`${service.url}/openapi.json`)).json()) as Json;
  operations = Object.entries(document.paths as Record<string, Json>).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({
      path,
      method,
      operation: item[method] as Operation,
    })),
  );
}, 120_000);

afterAll(() => service?.stop());

/** Every route that Nest serves, in the notation of OpenAPI. */
function servedRoutes(): string[] {
  const { controllers = [] } = ApiModule.with({ logger: {} } as never, {} as never);
  return controllers.flatMap((controller) => {
    const base = String(Reflect.getMetadata(PATH_METADATA, controller));
    const proto = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(proto).flatMap((name) => {
      const handler = proto[name];
      if (name === 'constructor' || typeof handler !== 'function') return [];
      const path = Reflect.getMetadata(PATH_METADATA, handler) as string | undefined;
      if (path === undefined) return [];
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
      const whole = `/${base}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
      return [`${method} ${whole.replace(/[:*](\w+)/g, '{$1}')}`];
    });
  });
}

/** Every object of the document with its place. */
function* nodes(value: unknown, at = '#'): Generator<[string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Json];
  for (const [key, child] of Object.entries(value)) yield* nodes(child, `${at}/${key}`);
}

describe('/openapi.json', () => {
  it('describes every route that is served, and none that is not', () => {
    const described = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(described.sort()).toEqual(servedRoutes().sort());
    expect(described.length).toBeGreaterThan(20);
  });

  it('has the frame of an OpenAPI 3.1 document', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({
      title: 'Imprimatur',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      license: { identifier: 'Apache-2.0' },
    });
    expect(document.servers).toEqual([{ url: service.url }]);
    const allowed = [
      'openapi',
      'info',
      'servers',
      'security',
      'components',
      'paths',
      'tags',
      'externalDocs',
      'jsonSchemaDialect',
      'webhooks',
    ];
    expect(Object.keys(document).filter((key) => !allowed.includes(key))).toEqual([]);
  });

  it('declares each parameter of each path once, and only those', () => {
    for (const { path, method, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect([method, path, declared.map(({ name }) => name).sort()]).toEqual([method, path, inPath]);
      for (const parameter of operation.parameters ?? []) {
        expect(['query', 'header', 'path', 'cookie']).toContain(parameter.in);
        expect(Boolean(parameter.schema) !== Boolean(parameter.content)).toBe(true);
        if (parameter.in === 'path') expect(parameter.required).toBe(true);
      }
    }
  });

  it('says of each operation what it is for and what it answers, errors included', () => {
    const ids = operations.map(({ operation }) => operation.operationId).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, method, operation } of operations) {
      const place = `${method} ${path}`;
      expect([place, operation.summary?.length ?? 0]).not.toEqual([place, 0]);
      expect([place, operation.tags?.length]).toEqual([place, 1]);
      expect(Object.keys(operation.responses).every((status) => /^([1-5]\d\d|[1-5]XX|default)$/.test(status))).toBe(
        true,
      );
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
      for (const response of Object.values(operation.responses)) expect(typeof response.description).toBe('string');
      if (method === 'get' || method === 'delete') expect(operation.requestBody).toBeUndefined();
    }
  });

  it('refers only to what is there, and its schemas are JSON Schema 2020-12', () => {
    const types = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];
    const known = new Map(nodes(document));
    for (const [at, node] of known) {
      if (typeof node.$ref === 'string') {
        expect([at, known.has(node.$ref)]).toEqual([at, true]);
      }
      // 3.0 words that 3.1 no longer knows.
      expect([at, 'nullable' in node && node.nullable === true]).toEqual([at, false]);
      if (at.includes('/schema') && !at.endsWith('/properties') && 'type' in node && typeof node.type !== 'object') {
        expect([at, types.includes(node.type as string)]).toEqual([at, true]);
      }
      if (Array.isArray(node.required) && !node.propertyNames) {
        const properties = Object.keys((node.properties as Json | undefined) ?? {});
        expect([at, node.required.filter((name) => !properties.includes(name as string))]).toEqual([at, []]);
      }
    }
    expect(known.size).toBeGreaterThan(500);
  });

  it('says the truth about keys: what is not open answers 401 without one, what is open does not', async () => {
    const schemes = Object.keys((document.components as { securitySchemes: Json }).securitySchemes);
    expect(document.security).toEqual([{ [schemes[0]!]: [] }]);
    for (const { path, method, operation } of operations) {
      // None is asked for, or none is one of the ways.
      const ways = operation.security ?? [schemes];
      const open = ways.length === 0 || ways.some((way) => Object.keys(way as object).length === 0);
      const answer = await fetch(service.url + path.replace(/\{\w+\}/g, 'none'), { method: method.toUpperCase() });
      await answer.body?.cancel();
      expect([method, path, answer.status === 401]).toEqual([method, path, !open]);
    }
  });
});

describe('/docs', () => {
  it('is served with everything it needs from here, and its policy forbids the rest', async () => {
    const page = await fetch(`${service.url}/docs`);
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/https?:\/\/|unsafe-eval|\*/);
    const html = await page.text();
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      const url = new URL(link, `${service.url}/docs`);
      expect(url.origin).toBe(service.url);
      const file = await fetch(url);
      expect([link, file.status]).toEqual([link, 200]);
      await file.body?.cancel();
    }
  });

  it('shows the same document, and names no other host', async () => {
    const script = await (await fetch(`${service.url}/docs/swagger-ui-init.js`)).text();
    expect(script).toContain('/v1/videos/{id}/content');
    const hosts = [...script.matchAll(/https?:\/\/([^/"'\s\\]+)/g)].map(([, host]) => host);
    expect(hosts.filter((host) => host !== new URL(service.url).host)).toEqual([]);
  });
});
