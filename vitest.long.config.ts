import { defineConfig } from 'vitest/config'
import { cutFiles } from './test/cut-files.ts'
import { LongFirst } from './test/long-first.ts'
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
    sequence: { shuffle: { files: false, tests: true }, sequencer: LongFirst },
    env: { TEST_WHOLE: process.env.TEST_WHOLE ?? '1' },
  },
})
