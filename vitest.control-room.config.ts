import { defineConfig } from 'vitest/config'
import { builtSource } from './test/built-source.ts'
import { V8 } from './vitest.config.ts'

/** The tests of the built server and of its pages in a real browser: `npm run test:control-room`. Most of them wait more than they work. */
export default defineConfig({
  plugins: [builtSource()],
  test: {
    include: ['test/control-room/**/*.room.ts'],
    tags: [
      {
        name: 'night',
        description: 'Minutes by itself, and proven in parts by others: `npm run soak -- night` alone.',
      },
    ],
    globalSetup: ['test/build.ts', 'test/seed.ts'],
    pool: 'forks',
    // The files of a process share their modules: to load them anew for each costs a second of a processor.
    isolate: false,
    execArgv: V8,
    maxWorkers: 4,
    experimental: { fsModuleCache: true, fsModuleCachePath: '.vitest' },
    reporters: ['verbose'],
    // A machine with much else to do is slow.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 150_000,
    // With four browsers on two processors one of them at times answers nothing for minutes (`chromium.ts`).
    retry: 1,
    hookTimeout: 60_000,
  },
})
