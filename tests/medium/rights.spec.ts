import 'reflect-metadata';
import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { STAFF_ROLES, type StaffAction, type StaffRole } from '#contracts';
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

const unsafe = (route: Route) => !['GET', 'HEAD'].includes(route.method);
const bodyOf = (route: Route) => (unsafe(route) ? {} : undefined);
const forStaff = () => routes.filter((route) => route.may !== undefined);

beforeAll(async () => {
  desk = await openDesk();
  routes = allRoutes(desk);
  for (const role of STAFF_ROLES) staffed[role] = (await desk.signedIn([role])).id;
}, 60_000);

afterAll(() => desk?.close());

it('finds the routes of the server', () => {
  expect(forStaff().length).toBeGreaterThan(10);
  expect(forStaff().map(({ path }) => path)).toEqual(expect.arrayContaining(['/v1/desk/staff/none/disable']));
});

it('every route names one right, and staff’s routes lie where staff’s routes lie', () => {
  const open = routes.filter(({ may, scope }) => (may === undefined) === (scope === undefined));
  expect(open.map(({ name }) => name)).toEqual([]);
  const elsewhere = forStaff().filter(({ path }) => !/^\/v1\/(desk|staff)(\/|$)/.test(path));
  expect(elsewhere.map(({ path }) => path)).toEqual([]);
  const keyed = routes.filter(({ path, may }) => path.startsWith('/v1/desk') && may === undefined);
  expect(keyed.map(({ path }) => path)).toEqual([]);
});

it('every route of staff refuses who is not signed in, also with the best key of a tenant', async () => {
  const keys = new ApiKeys(desk.core.database, desk.core.clock);
  const { key } = await keys.create(await keys.createTenant('test'), 'test', ['admin'], 'test');
  const wrong: string[] = [];
  for (const route of forStaff()) {
    const bare = await ask(`${desk.url}${route.path}`, route.method, bodyOf(route));
    const keyed = await ask(`${desk.url}${route.path}`, route.method, bodyOf(route), {
      authorization: `Bearer ${key}`,
    });
    for (const { status, body } of [bare, keyed])
      if (status !== 401 || body.error?.code !== 'not_signed_in')
        wrong.push(`${route.method} ${route.path}: ${status}`);
  }
  expect(wrong).toEqual([]);
});

it.each(STAFF_ROLES)('%s gets into exactly the routes that the table allows', async (role) => {
  const wrong: string[] = [];
  for (const route of forStaff()) {
    const person = await desk.again(staffed[role]); // some routes end the session
    const { status, body } = await person.call(route.method, route.path, bodyOf(route));
    const allowed = mayAnywhere({ roles: [role], queues: null, categories: null, tenants: null }, route.may!);
    const refused = status === 403 && body.error?.code === 'not_allowed';
    const fine = allowed ? status !== 401 && status !== 403 && status < 500 : refused;
    if (!fine) wrong.push(`${route.method} ${route.path} (${route.may}): ${status} ${body.error?.code ?? ''}`);
  }
  expect(wrong).toEqual([]);
});

it('whatever changes something needs the header that only our own page knows', async () => {
  const wrong: string[] = [];
  for (const route of forStaff().filter(unsafe)) {
    const role = STAFF_ROLES.find((one) =>
      mayAnywhere({ roles: [one], queues: null, categories: null, tenants: null }, route.may!),
    )!;
    const person = await desk.again(staffed[role]);
    const other = await desk.again(staffed[role]);
    for (const headers of [{ 'x-imprimatur-csrf': '' }, { 'x-imprimatur-csrf': other.csrf }]) {
      const { status, body } = await person.call(route.method, route.path, {}, headers);
      if (status !== 403 || body.error?.code !== 'csrf_missing') wrong.push(`${route.method} ${route.path}: ${status}`);
    }
  }
  expect(wrong).toEqual([]);
});
