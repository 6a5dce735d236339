import { defineConfig } from 'vitest/config'
import { V8 } from './vitest.config.ts'

/** The tests that drive real clients from Debian packages: `npm run test:clients`. */
export default defineConfig({
  test: {
    include: ['test/clients/**/*.clients.ts'],
    // A thread whose TLS runs through a channel of SSH that was cut never ends (Node 20: CleanupHandles waits for a write that nobody answers): a process does.
    pool: 'forks',
    execArgv: V8,
    experimental: { fsModuleCache: true, fsModuleCachePath: '.vitest' },
    // Both drive clients that wait for much of their time.
    maxWorkers: 2,
    reporters: ['verbose'],
    // A machine with much else to do is slow.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 300_000,
    hookTimeout: 60_000,
    maxConcurrency: 3,
  },
})
