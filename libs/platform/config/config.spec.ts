import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { ConfigError, envExample, loadConfig } from './index.js';

describe('config', () => {
  it('has a default for everything', () => {
    const config = loadConfig({});
    expect(config.publicUrl).toBe('http://127.0.0.1:3000');
    expect(config.maxUploadBytes).toBe(200 * 1024 * 1024);
    expect(config.DATABASE_URL).toBeUndefined();
  });

  it('names every variable at fault in one error', () => {
    const fail = () => loadConfig({ PORT: 'many', LOG_LEVEL: 'loud' });
    expect(fail).toThrow(ConfigError);
    expect(fail).toThrow(/PORT[\s\S]*LOG_LEVEL/);
  });

  it('refuses half a store and a short master key', () => {
    expect(() => loadConfig({ STORAGE: 's3' })).toThrow(/S3_BUCKET/);
    expect(() => loadConfig({ IMPRIMATUR_MASTER_KEY: 'abc' })).toThrow(/64 hex/);
  });

  it('reads the roles that groups of a company give, and refuses what is none', () => {
    const { oidcRoleMap } = loadConfig({ OIDC_ROLE_MAP: 'Mods=reviewer, dc=leads=reviewer+senior' });
    expect(oidcRoleMap).toEqual([
      { group: 'Mods', roles: ['reviewer'] },
      { group: 'dc=leads', roles: ['reviewer', 'senior'] },
    ]);
    for (const OIDC_ROLE_MAP of ['Mods', 'Mods=', '=admin', 'Mods=boss']) {
      expect(() => loadConfig({ OIDC_ROLE_MAP })).toThrow(/OIDC_ROLE_MAP/);
    }
    expect(() => loadConfig({ OIDC_ISSUER: 'https://login.example.org' })).toThrow(/OIDC_CLIENT_ID/);
  });

  it('keeps .env.example up to date', () => {
    expect(readFileSync(join(projectRoot, '.env.example'), 'utf8')).toBe(envExample());
  });
});
