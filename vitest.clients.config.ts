import { defineConfig } from 'vitest/config'
import { builtSource } from './test/built-source.ts'
import { V8 } from './vitest.config.ts'

/** The tests that drive real clients, today's and those of Debian: `npm run test:clients`. With TEST_WHOLE=all, which is `npm run soak -- night all`, everything that they do. */
export default defineConfig({
  plugins: [builtSource()],
  test: {
    include: ['test/clients/**/*.clients.ts'],
    tags: [
      {
        name: 'night',
        description: 'What a client proves beside what each proves once: `npm run soak -- night` alone.',
      },
    ],
    globalSetup: ['test/build.ts', 'test/seed.ts'],
    // A thread whose TLS runs through a channel of SSH that was cut never ends (Node 20: CleanupHandles waits for a write that nobody answers): a process does.
    pool: 'forks',
    execArgv: V8,
    experimental: { fsModuleCache: true, fsModuleCachePath: '.vitest' },
    isolate: false,
    // One more than the cores of the gate: they drive clients that wait for much of their time.
    maxWorkers: 3,
    reporters: ['verbose'],
    // A machine with much else to do is slow.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 300_000,
    hookTimeout: 60_000,
    maxConcurrency: 3,
  },
})
