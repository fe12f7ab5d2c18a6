import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type { PoolConfig } from 'pg';

const require = createRequire(import.meta.url);

// The engine's WebAssembly build has no usable types; these are the three calls that are made.
interface SchemaEngine {
  applyMigrations(input: object): Promise<{ appliedMigrationNames: string[] }>;
  diff(input: object): Promise<{ stdout: string | null }>;
  free(): void;
}
interface SchemaEngineModule {
  SchemaEngine: { new: (...args: unknown[]) => Promise<SchemaEngine> };
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

let engineModule: Promise<SchemaEngineModule> | undefined;

async function instantiate(): Promise<SchemaEngineModule> {
  // The engine reports panics through this global.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => process.stderr.write(text) },
  });
  const glue = '@prisma/schema-engine-wasm/schema_engine_bg';
  const bg = (await import(glue)) as SchemaEngineModule;
  // The package does not export its .wasm file, so it is found next to the glue code.
  const bytes = await readFile(join(dirname(require.resolve(glue)), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bg as never });
  bg.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return bg;
}

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
interface Internals {
  client: { query: (...args: unknown[]) => Promise<{ fields?: { dataTypeID: number }[] } | undefined> };
  queryRaw: (query: unknown) => Promise<{ columnTypes: number[] }>;
}

/**
 * Two faults of the adapter: it has no mapping for the catalog type "char" (oid 18) that introspection reads, where
 * Character is expected; and it cuts scripts at every semicolon, also inside the bodies of functions.
 */
function mend(adapter: Adapter): Adapter {
  const inside = adapter as unknown as Internals;
  // Without parameters the driver sends the text as it is, and PostgreSQL runs it as one transaction.
  adapter.executeScript = async (script) => void (await inside.client.query(script));
  const query = inside.client.query.bind(inside.client);
  const queryRaw = inside.queryRaw.bind(inside);
  let charColumns: number[] = [];
  inside.client.query = async (...args) => {
    const result = await query(...args);
    charColumns = [];
    for (const [i, field] of (result?.fields ?? []).entries()) {
      if (field.dataTypeID !== 18) continue;
      field.dataTypeID = 25;
      charColumns.push(i);
    }
    return result;
  };
  inside.queryRaw = async (q) => {
    const result = await queryRaw(q);
    for (const i of charColumns) result.columnTypes[i] = ColumnTypeEnum.Character;
    return result;
  };
  return adapter;
}

class MigrationAdapterFactory extends PrismaPg {
  private readonly opened: Adapter[] = [];

  constructor(private readonly fields: PoolConfig) {
    super(fields);
  }

  override async connect(): Promise<Adapter> {
    const adapter = mend(await super.connect());
    this.opened.push(adapter);
    return adapter;
  }

  /** The stock version drops the shadow database while its own pool still uses it. */
  override async connectToShadowDb(): Promise<Adapter> {
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    const admin = await super.connect();
    await admin.executeScript(`CREATE DATABASE "${database}"`);
    const adapter = mend(await new PrismaPg({ ...this.fields, database }).connect());
    const end = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      await end();
      await admin.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`);
      await admin.dispose();
    };
    return adapter;
  }

  /** The WebAssembly engine never closes the connections that it opened. */
  async close(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((adapter) => adapter.dispose()));
  }
}

/** Reads the split schema as the engine wants it: `[name, text]` pairs. */
export async function readDatamodels(dir: string): Promise<[string, string][]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.prisma')).sort();
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, await readFile(join(dir, name), 'utf8')]),
  );
}

/** Reads the migration folders as the engine wants them. */
export async function readMigrations(dir: string): Promise<object> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((e) => e.isDirectory())
    .map((e) => e.name)
    .sort();
  const migrationDirectories = await Promise.all(
    names.map(async (path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: await readFile(join(dir, path, 'migration.sql'), 'utf8') },
      },
    })),
  );
  return {
    baseDir: dir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

/** Opens Prisma's schema engine, compiled to WebAssembly, on a database. Call `close` when done. */
export async function openSchemaEngine(url: string, datamodels: [string, string][]) {
  engineModule ??= instantiate(); // loading it twice in a process panics
  const { SchemaEngine } = await engineModule;
  // Separate fields: with a connection string the adapter's "shadow" pool silently opens the main database.
  const u = new URL(url);
  const factory = new MigrationAdapterFactory({
    host: u.hostname,
    port: Number(u.port || 5432),
    user: decodeURIComponent(u.username),
    password: decodeURIComponent(u.password),
    database: u.pathname.slice(1),
    ssl: u.searchParams.get('sslmode') === 'require' ? true : undefined,
  });
  const engine = await SchemaEngine.new({ datamodels }, () => undefined, bindMigrationAwareSqlAdapterFactory(factory));
  const close = async () => {
    engine.free();
    await factory.close();
  };
  return { engine, close };
}
