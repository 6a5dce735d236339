import { defineConfig } from 'vitest/config'
import { Skipped } from './test/skipped.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    setupFiles: ['test/setup.ts'],
    // Processes, not threads: a thread whose handles do not close never ends, and its whole run hangs with every test passed.
    pool: 'forks',
    isolate: false,
    // The longest files wait for processes and disks, not for a core: measured 485 s instead of 588 s on two cores.
    maxWorkers: 2,
    sequence: { shuffle: true },
    reporters: ['default', new Skipped()],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
