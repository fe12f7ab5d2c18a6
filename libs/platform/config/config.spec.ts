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

  it('keeps .env.example up to date', () => {
    expect(readFileSync(join(projectRoot, '.env.example'), 'utf8')).toBe(envExample());
  });
});
