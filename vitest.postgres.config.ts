import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'
import { Skipped } from './test/skipped.ts'

/** The tests that need a PostgreSQL server, which they make and start themselves: `npm run test:postgres`. */
export default defineConfig({
  test: {
    include: ['test/**/*.postgres.ts'],
    globalSetup: ['test/build.ts', 'test/scratch.ts', 'test/postgres/prepared.ts'],
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    // One of them waits for minutes of the clock, which is when its schedules are due.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new Skipped()],
    // A machine with much else to do is slow.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
