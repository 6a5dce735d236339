import { defineConfig } from 'vitest/config'
import { builtSource } from './test/built-source.ts'
import { Skipped } from './test/skipped.ts'

/**
 * What V8 runs tests with. With room for what lives shortly, a third as many collections of garbage. Nearly all code of a test runs a few times: to
 * compile it anew for speed only later, and to collect garbage by one thread, takes a sixth of the processor time away.
 */
export const V8 = [
  '--max-semi-space-size=64',
  '--single-threaded-gc',
  // The V8 of Node 20 knows it; a later Node refuses to begin with it.
  ...(process.versions.v8.startsWith('11.') ? ['--interrupt-budget=500000'] : []),
]

export default defineConfig({
  plugins: [builtSource()],
  test: {
    include: ['test/**/*.test.ts'],
    tags: [
      { name: 'long', description: 'Takes more than half a second, or is a second case: `npm run test:long`.' },
      { name: 'cut', description: 'Looks at less in `npm test` than in `npm run test:long`.' },
      {
        name: 'turn',
        description: 'Beside `long`: the gate runs a quarter of these, another quarter with each commit.',
      },
      { name: 'night', description: 'What the gate has no time for: `npm run soak -- night` alone.' },
    ],
    globalSetup: ['test/build.ts', 'test/seed.ts', 'test/scratch.ts'],
    setupFiles: ['test/setup.ts'],
    // Processes, not threads: a thread whose handles do not close never ends, and its whole run hangs with every test passed.
    pool: 'forks',
    isolate: false,
    execArgv: V8,
    // One more than the cores of the gate: while one waits for a process or a disk, another works (ADR 0054).
    maxWorkers: 3,
    // What is transformed is kept for the next run, so that one file starts at once. The clone of the gate begins with nothing.
    experimental: { fsModuleCache: true, fsModuleCachePath: '.vitest' },
    // Files that took longest in the last run begin.
    sequence: { shuffle: { files: false, tests: true } },
    reporters: ['default', new Skipped()],
    // A machine with much else to do is slow.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
