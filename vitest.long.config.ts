import { defineConfig } from 'vitest/config'
import { cutFiles, nightFiles, taggedFiles } from './test/cut-files.ts'
import base from './vitest.config.ts'

const { TEST_WHOLE = '1', TEST_TURNS = TEST_WHOLE === 'all' ? '1' : '6' } = process.env
const isAll = TEST_WHOLE === 'all'
/** By night each test has its turn. */
const ofNight = TEST_TURNS === '1' ? nightFiles().filter((file) => file.endsWith('.test.ts')) : []

/**
 * What `npm test` has no time for: what is tagged `long`, and more of what is tagged `cut`. `npm run test:long`, and a step of the gate.
 * With TEST_TURNS=1, which is `npm run soak -- night`, what waits for the night too. With TEST_WHOLE=all, which is
 * `npm run soak -- night all`, the whole of every file that looks at a cut, on the disk.
 */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      'test/**/*.long.ts',
      ...(isAll ? cutFiles() : [...taggedFiles(), ...ofNight]).map((file) => `test/${file}`),
    ],
    globalSetup: isAll ? ['test/build.ts', 'test/seed.ts'] : ['test/build.ts', 'test/seed.ts', 'test/scratch.ts'],
    // Most of them wait for processes of their own, which they kill.
    maxWorkers: 4,
    env: { TEST_WHOLE, TEST_TURNS },
  },
})
