import { availableParallelism, totalmem } from 'node:os';

const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

export default {
  rootDir: '.',
  testEnvironment: '<rootDir>/tests/support/environment.mjs',
  testMatch: ['<rootDir>/{apps,dashboard,libs,models,tests,tools}/**/*.spec.ts'],
  // What takes minutes (kills, races, long ways through a browser) is for `npm run test:all`.
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.TESTS === 'all' ? [] : ['\\.long\\.spec\\.ts$'])],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^#(kernel|contracts)$': '<rootDir>/libs/$1/index.ts',
    '^#(engines|platform|domain)/(.*)$': '<rootDir>/libs/$1/$2/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  globalSetup: '<rootDir>/tests/support/global-setup.mjs',
  globalTeardown: '<rootDir>/tests/support/global-teardown.mjs',
  testTimeout: 60000,
  // One more than there are cores, because specs of whole services mostly wait; each of those takes about 2 GB.
  maxWorkers: Math.max(2, Math.min(availableParallelism() + 1, Math.floor(totalmem() / 2.5e9))),
};
