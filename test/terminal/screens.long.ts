// @module-tag long
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { everyNthOfLong, extentOfLong } from '../extent.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const hasPython = spawnSync('python3', ['--version'], { stdio: 'ignore' }).error === undefined
const SCREENS = ['demo', 'ask', 'facts', 'add-vlan', 'backup', 'maintenance-enter', 'mistake', 'comply', 'rotate-user']

test.skipIf(!hasPython)(
  'the pages show the screens that a terminal shows (needs python3)',
  { timeout: 600_000 },
  () => {
    const screens = everyNthOfLong(9, 'screens of the pages', SCREENS)
    // Three are kept at both widths: the wider one by night.
    const narrow = extentOfLong(['--narrow'], [])
    const { status, stdout, stderr } = spawnSync('python3', ['build/screens.py', '--check', ...narrow, ...screens], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    process.stdout.write(stdout)
    expect([status, stdout + stderr]).toEqual([0, expect.stringMatching(/^(?:\S+ at (?:80|120) columns: .*\n)+$/)])
    expect(stdout.split('\n')).toHaveLength(screens.length + extentOfLong(1, 4))
  },
)
