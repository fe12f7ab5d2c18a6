import 'reflect-metadata';
import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { Scope, STAFF_ACTIONS, STAFF_ROLES, type StaffAction, type StaffRole } from '#contracts';
import { ApiKeys, mayAnywhere } from '#platform/auth';
import { SCOPE } from '../../apps/api/wire/auth.guard.js';
import { MAY } from '../../apps/api/wire/staff.guard.js';
import { ask, openDesk, type Desk } from '../support/staff.js';

/** A route as the running server has it. */
interface Route {
  name: string;
  method: string;
  path: string;
  may: StaffAction | undefined;
  scope: string | undefined;
}

let desk: Desk;
let routes: Route[];
const keys: Partial<Record<Scope, string>> = {};
const staffed: Record<StaffRole, string> = {} as never;

const own = <T>(key: string, ...targets: object[]) =>
  targets.map((target) => Reflect.getMetadata(key, target) as T | undefined).find((value) => value !== undefined);

function routesOf(controller: Type): Route[] {
  const prototype = controller.prototype as Record<string, object>;
  const bases = [own<string | string[]>(PATH_METADATA, controller) ?? ''].flat();
  return Object.getOwnPropertyNames(prototype)
    .filter((name) => name !== 'constructor' && typeof prototype[name] === 'function')
    .filter((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name]!))
    .flatMap((name) => {
      const handler = prototype[name]!;
      const method = RequestMethod[own<RequestMethod>(METHOD_METADATA, handler)!];
      const ends = [own<string | string[]>(PATH_METADATA, handler) ?? ''].flat();
      return bases.flatMap((base) =>
        ends.map((end) => ({
          name: `${controller.name}.${name}`,
          method,
          path: `/${base}/${end}`
            .replace(/\/+/g, '/')
            .replace(/(.)\/$/, '$1')
            .replace(/:\w+/g, 'none'),
          may: own<StaffAction>(MAY, handler, controller),
          scope: own<string>(SCOPE, handler, controller),
        })),
      );
    });
}

/** Every controller of every module: whatever is added is in it. */
function allRoutes({ app }: Desk): Route[] {
  const { container } = app as unknown as {
    container: { getModules(): Map<string, { controllers: Map<unknown, { metatype: Type }> }> };
  };
  const modules = [...container.getModules().values()];
  return modules.flatMap(({ controllers }) => [...controllers.values()].flatMap(({ metatype }) => routesOf(metatype)));
}

/** Paths as the server's own router has them, with their methods. */
function served({ app }: Desk): string[] {
  const { router } = app.getHttpAdapter().getInstance() as {
    router: { stack: { route?: { path: string | string[]; methods: Record<string, boolean> } }[] };
  };
  return router.stack.flatMap(({ route }) =>
    route
      ? [route.path]
          .flat()
          .flatMap((path) =>
            Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${path.replace(/:\w+/g, 'none')}`),
          )
      : [],
  );
}

/** Routes side by side: the service, not the wire, is what takes time then. */
async function walk(all: readonly Route[], look: (route: Route) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += 8) await Promise.all(all.slice(at, at + 8).map(look));
}

const unsafe = (route: Route) => !['GET', 'HEAD'].includes(route.method);
const bodyOf = (route: Route) => (unsafe(route) ? {} : undefined);
const forStaff = () => routes.filter((route) => route.may !== undefined);
const forKeys = () => routes.filter(({ scope }) => scope !== undefined && scope !== 'public');
const named = ({ method, path }: Route) => `${method} ${path}`;

beforeAll(async () => {
  desk = await openDesk();
  routes = allRoutes(desk);
  const made = new ApiKeys(desk.core.database, desk.core.clock);
  const tenant = await made.createTenant('test');
  await desk.core.database.tenant.update({ where: { id: tenant }, data: { ratePerMinute: 100_000 } });
  for (const scope of Scope.options) keys[scope] = (await made.create(tenant, scope, [scope], 'test')).key;
  for (const role of STAFF_ROLES) staffed[role] = (await desk.signedIn([role])).id;
}, 60_000);

afterAll(() => desk?.close());

it('finds the routes of the server', () => {
  expect(forStaff().length).toBeGreaterThan(10);
  expect(forStaff().map(({ path }) => path)).toEqual(expect.arrayContaining(['/v1/desk/staff/none/disable']));
  // Nothing is served under the names of the API that is not in the walk.
  const known = new Set(routes.map(named));
  const more = served(desk).filter((one) => !known.has(one));
  expect(more.filter((one) => / \/v1\//.test(one))).toEqual([]);
  expect(served(desk).length).toBeGreaterThanOrEqual(known.size);
});

it('every route names one right, and staff’s routes lie where staff’s routes lie', () => {
  const open = routes.filter(({ may, scope }) => (may === undefined) === (scope === undefined));
  expect(open.map(({ name }) => name)).toEqual([]);
  const elsewhere = forStaff().filter(({ path }) => !/^\/v1\/(desk|staff)(\/|$)/.test(path));
  expect(elsewhere.map(({ path }) => path)).toEqual([]);
  const keyed = routes.filter(({ path, may }) => path.startsWith('/v1/desk') && may === undefined);
  expect(keyed.map(({ path }) => path)).toEqual([]);
});

it('every route names a right that there is', () => {
  const actions: readonly string[] = STAFF_ACTIONS;
  expect(forStaff().filter(({ may }) => !actions.includes(may!))).toEqual([]);
  const scopes: readonly string[] = Scope.options;
  expect(forKeys().filter(({ scope }) => !scopes.includes(scope!))).toEqual([]);
});

it('every route of staff refuses who is not signed in, also with a key of any scope', async () => {
  const wrong: string[] = [];
  await walk(forStaff(), async (route) => {
    const bearers = Object.values(keys).map((key) => ({ authorization: `Bearer ${key}` }));
    const all: Record<string, string>[] = [{}, { cookie: 'imprimatur-staff=wrong' }, ...bearers];
    for (const headers of all) {
      const { status, body } = await ask(`${desk.url}${route.path}`, route.method, bodyOf(route), headers);
      if (status !== 401 || body.error?.code !== 'not_signed_in') wrong.push(`${named(route)}: ${status}`);
    }
  });
  expect(wrong).toEqual([]);
}, 120_000);

/** An admin's key stands for the others, but for those that are given by hand alone. */
const opens = (scope: Scope, route: Route) =>
  scope === route.scope || (scope === 'admin' && !['child_safety', 'register'].includes(route.scope!));

it('every route for keys refuses staff, and keys without its scope', async () => {
  const wrong: string[] = [];
  const boss = await desk.signedIn([...STAFF_ROLES]);
  await walk(forKeys(), async (route) => {
    const { status } = await boss.call(route.method, route.path, bodyOf(route));
    if (status !== 401) wrong.push(`${named(route)} by staff: ${status}`);
    for (const scope of Scope.options) {
      const headers = { authorization: `Bearer ${keys[scope]}` };
      const answer = await ask(`${desk.url}${route.path}`, route.method, bodyOf(route), headers);
      const refused = answer.status === 403 && answer.body.error?.code === 'missing_scope';
      const fine = opens(scope, route) ? !refused && answer.status < 500 : refused;
      if (!fine) wrong.push(`${named(route)} (${route.scope}) with ${scope}: ${answer.status}`);
    }
  });
  expect(wrong).toEqual([]);
}, 120_000);

// What needs neither a body nor something to be there, and does what it says.
const COMPLETE = new Set(['POST /v1/staff/sign-out', 'DELETE /v1/staff/sessions']);

it.each(STAFF_ROLES)(
  '%s gets into exactly the routes that the table allows, and what did nothing never says it did',
  async (role) => {
    const wrong: string[] = [];
    await walk(forStaff(), async (route) => {
      const person = await desk.again(staffed[role]); // some routes end the session
      const { status, body } = await person.call(route.method, route.path, bodyOf(route));
      const allowed = mayAnywhere({ roles: [role], queues: null, categories: null, tenants: null }, route.may!);
      const refused = status === 403 && body.error?.code === 'not_allowed';
      const fine = allowed ? status !== 401 && status !== 403 && status < 500 : refused;
      // 204 of a route that hands something out says that there is nothing.
      const empty = unsafe(route) && status < 300 && status !== 204 && !COMPLETE.has(named(route));
      if (!fine || empty) wrong.push(`${named(route)} (${route.may}): ${status} ${body.error?.code ?? ''}`);
    });
    expect(wrong).toEqual([]);
  },
);

it('whatever changes something needs the header that only our own page knows', async () => {
  const wrong: string[] = [];
  await walk(forStaff().filter(unsafe), async (route) => {
    const role = STAFF_ROLES.find((one) =>
      mayAnywhere({ roles: [one], queues: null, categories: null, tenants: null }, route.may!),
    )!;
    const person = await desk.again(staffed[role]);
    const other = await desk.again(staffed[role]);
    for (const headers of [{ 'x-imprimatur-csrf': '' }, { 'x-imprimatur-csrf': other.csrf }]) {
      const { status, body } = await person.call(route.method, route.path, {}, headers);
      if (status !== 403 || body.error?.code !== 'csrf_missing') wrong.push(`${named(route)}: ${status}`);
    }
  });
  expect(wrong).toEqual([]);
});
