import { defineConfig } from 'vitest/config'
import { cutFiles } from './test/cut-files.ts'
import base from './vitest.config.ts'

/**
 * On the disk, what takes minutes: a real process killed at every point, every rehearsal that is bundled, and the whole of what `npm test` looks at
 * a cut of. `npm run test:long`, and a step of the gate.
 */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/**/*.long.ts', ...cutFiles().map((file) => `test/${file}`)],
    globalSetup: ['test/build.ts'],
    // Most of them wait for processes of their own, which they kill.
    maxWorkers: 4,
    env: { TEST_WHOLE: process.env.TEST_WHOLE ?? '1' },
  },
})
