import { defineConfig } from 'vitest/config'
import { cutFiles, taggedFiles } from './test/cut-files.ts'
import base from './vitest.config.ts'

const isAll = process.env.TEST_WHOLE === 'all'

/**
 * What `npm test` has no time for: what is tagged `long`, and more of what is tagged `cut`. `npm run test:long`, and a step of the gate.
 * With TEST_WHOLE=all, which is `npm run soak -- night`, the whole of the longest, of every file that looks at a cut, and of every `*.soak.ts`, on the
 * disk.
 */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      'test/**/*.long.ts',
      'test/**/*.soak.ts',
      ...(isAll ? cutFiles() : taggedFiles()).map((file) => `test/${file}`),
    ],
    exclude: isAll ? [] : ['test/**/*.soak.ts'],
    globalSetup: isAll ? ['test/build.ts', 'test/seed.ts'] : ['test/build.ts', 'test/seed.ts', 'test/scratch.ts'],
    // Most of them wait for processes of their own, which they kill.
    maxWorkers: 4,
    env: { TEST_WHOLE: process.env.TEST_WHOLE ?? '1' },
  },
})
