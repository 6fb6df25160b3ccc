import type { UserWorkspaceConfig } from 'vitest/config';

/** Tests run from source: the `@lw/source` condition of each package's `exports` names its TypeScript. */
const conditions = ['@lw/source', 'node', 'import', 'default'];

export const shared: UserWorkspaceConfig = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // Real namespaces and spawned processes on a 2-core CI machine: generous, never a measure.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
};
