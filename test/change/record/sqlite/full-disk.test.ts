import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../lab/folder.ts'
import { bundled } from './bundled.ts'
import { KEY } from './open-for-test.ts'

/** Whether this user may mount a file system in a namespace of its own (unshare(1)). */
const mayMount = spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp']).status === 0

test.runIf(mayMount)(
  '[F23] a disk that is really full: the ballast has room for the records of a way back (needs unshare)',
  { tags: 'long' },
  () => {
    const folder = temporaryFolder()
    const program = bundled('./filling-process.ts')
    const mounted = 'mount -t tmpfs -o size=20m tmpfs "$1" && exec "$2" "$3" --folder "$1" --key "$4"'
    const { stdout, stderr } = spawnSync(
      'unshare',
      ['-Urm', 'sh', '-c', mounted, 'sh', folder, process.execPath, program, KEY],
      { encoding: 'utf8' },
    )
    expect(stdout.trim().split('\n'), stderr).toEqual([
      'there is room: no failure',
      'it is full: the disk of the store has 0.0 MiB to give: 8 MiB must be free beside its ballast before a switch is changed',
      'refused: the store DISK/store.db cannot be used: the disk is full',
      'given up: true',
      'written then: 1000',
      'verifies: no failure',
      'full again: the store DISK/store.db cannot be used: the disk is full',
      'can be opened: no failure',
    ])
  },
)
