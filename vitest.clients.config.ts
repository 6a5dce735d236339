import { defineConfig } from 'vitest/config'

/** The tests that drive real clients from Debian packages: `npm run test:clients`. */
export default defineConfig({
  test: {
    include: ['test/clients/**/*.clients.ts'],
    pool: 'threads',
    reporters: ['verbose'],
    // A machine with much else to do is slow.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 300_000,
    hookTimeout: 60_000,
    maxConcurrency: 3,
  },
})
