// @module-tag long
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { extentOfLong } from '../extent.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const hasPython = spawnSync('python3', ['--version'], { stdio: 'ignore' }).error === undefined

test.skipIf(!hasPython)(
  'the pages show the screens that a terminal shows (needs python3)',
  { timeout: 600_000 },
  () => {
    // Three are kept at both widths: the wider one by night.
    const narrow = extentOfLong(['--narrow'], [])
    const { status, stdout, stderr } = spawnSync('python3', ['build/screens.py', '--check', ...narrow], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    process.stdout.write(stdout)
    expect([status, stdout + stderr]).toEqual([0, expect.stringMatching(/^(?:\S+ at (?:80|120) columns: .*\n)+$/)])
    expect(stdout.split('\n')).toHaveLength(extentOfLong(10, 13))
  },
)
