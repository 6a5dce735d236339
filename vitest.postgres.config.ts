import { defineConfig } from 'vitest/config'
import { builtSource } from './test/built-source.ts'
import { Skipped } from './test/skipped.ts'
import { V8 } from './vitest.config.ts'

/** The tests that need a PostgreSQL server, which they make and start themselves: `npm run test:postgres`. */
export default defineConfig({
  plugins: [builtSource()],
  test: {
    include: ['test/**/*.postgres.ts'],
    tags: [
      { name: 'turn', description: 'The gate runs a quarter of these, another quarter with each commit.' },
      { name: 'night', description: 'What the gate has no time for: `npm run soak -- night` alone.' },
    ],
    env: { TEST_TURNS: process.env.TEST_TURNS ?? (process.env.TEST_WHOLE === 'all' ? '1' : '6') },
    globalSetup: ['test/build.ts', 'test/seed.ts', 'test/scratch.ts', 'test/postgres/prepared.ts'],
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    isolate: false,
    execArgv: V8,
    // Half of them wait: for processes, for what is due each minute, for terms that end.
    maxWorkers: 4,
    experimental: { fsModuleCache: true, fsModuleCachePath: '.vitest' },
    reporters: ['default', new Skipped()],
    // A machine with much else to do is slow.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
