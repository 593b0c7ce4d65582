// Native ESM: run through `node --experimental-vm-modules` (the Makefile does). Node itself strips the types.
// Tests against a real API server run where they are asked for by name (`make test-cluster` does), not with all the others.
const isAskedFor = process.argv.some((argument) => argument.includes('test/cluster/api'));

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tools/strip-types.mjs' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    isAskedFor ? '<rootDir>/test/cluster/(?!api/)' : '<rootDir>/test/cluster/',
    '<rootDir>/build/',
    '<rootDir>/dist/',
  ],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/'],
  testTimeout: 90_000,
  maxWorkers: 2,
};
