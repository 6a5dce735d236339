import type { Json } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const HEADER = 'Filesystem      Size  Used Avail Use% Mounted on\n'

const flash = (size: number, free: number): Json => ({ fileSystems: [{ prefix: 'flash:', size, free }] })
const printed = (json: Json): Json => ({ output: JSON.stringify(json) })
const folder = (path: string, ...names: readonly string[]): Json => ({
  urls: { [path]: { entries: Object.fromEntries(names.map((name) => [name, { permissions: '-rw-' }])) } },
})

const both = { max_utilization: 60, check_peer_supervisor: true }
const scripts = { filenames: ['boot.py', 'constructor'] }

/** What the checks of disks and files must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyFileSystemUtilization', { command: 'bash timeout 10 df -h' }, [
    passes('nothing is full but an image', [
      `${HEADER}/dev/sda2       3.9G  2.9G  1.0G  75% /mnt/flash\n/dev/loop0      461M  461M     0 100% /rootfs-i386\n`,
    ]),
    fails(
      'two partitions',
      [`${HEADER}/dev/sda2       3.9G  3.0G  0.9G  76% /mnt/flash\ntmpfs           294M  294M     0 100% /var/log\n`],
      [
        'Mount point: /dev/sda2       3.9G  3.0G  0.9G  76% /mnt/flash - Higher disk space utilization - Expected: 75% Actual: 76%',
        'Mount point: tmpfs           294M  294M     0 100% /var/log - Higher disk space utilization - Expected: 75% Actual: 100%',
      ],
    ),
    errs('empty', [''], '`df -h` printed no partition'),
    errs('only images', [`${HEADER}/dev/loop0 461M 461M 0 100% /rootfs-i386\n`], '`df -h` printed no partition'),
  ]),
  ...rowsOf('VerifyFlashUtilization', { command: 'show file systems' }, [
    passes('as full as it may be', [flash(1000, 300)]),
    passes('both supervisors', [flash(1000, 400), printed(flash(2000, 900))], both),
    fails('too full', [flash(3000, 500)], ['Flash utilization above threshold - Expected: <= 70% Actual: 83.33%']),
    fails(
      'both too full',
      [flash(1000, 300), printed(flash(1000, 250))],
      [
        'Active Supervisor - Flash utilization above threshold - Expected: <= 60.0% Actual: 70.0%',
        'Standby Supervisor - Flash utilization above threshold - Expected: <= 60.0% Actual: 75.0%',
      ],
      both,
    ),
    fails('a size of nothing', [flash(0, 0)], ['Flash reported a size of 0']),
    fails('no flash', [{ fileSystems: [{ prefix: 'file:', size: 1, free: 1 }] }], ['Flash not found']),
    errs(
      'flash of no size',
      [{ fileSystems: [{ prefix: 'flash:' }] }],
      '`show file systems` does not tell fileSystems.0.free',
    ),
    fails(
      'the other supervisor prints no JSON',
      [flash(1000, 900), { output: '% Peer supervisor is not present' }],
      ['Standby Supervisor - Failed to parse command output - it is no JSON'],
      both,
    ),
    fails(
      'the other supervisor prints another JSON',
      [flash(1000, 900), printed({ errors: ['Invalid input'] })],
      ["Standby Supervisor - Failed to parse command output - 'fileSystems'"],
      both,
    ),
    errs(
      'the other supervisor is absent',
      [flash(1000, 900)],
      '`session peer-supervisor show file systems | json` was not answered',
      both,
    ),
    errs('empty', [{}], '`show file systems` does not tell fileSystems'),
  ]),
  ...rowsOf('VerifyFilePresence', { command: 'dir flash:/', inputs: scripts }, [
    passes('both files', [folder('flash:/', 'boot.py', 'constructor', 'startup-config')]),
    passes('on both supervisors', [folder('flash:/', 'boot.py'), folder('supervisor-peer:/mnt/flash', 'boot.py')], {
      filenames: ['boot.py'],
      check_peer_supervisor: true,
    }),
    fails(
      'no file, and no name that every object has',
      [folder('flash:/', 'startup-config')],
      ['File: boot.py - Not found', 'File: constructor - Not found'],
    ),
    fails(
      'one on each supervisor',
      [folder('flash:/', 'constructor'), folder('supervisor-peer:/mnt/flash', 'boot.py')],
      ['File: boot.py - Not found', 'File: constructor - Not found on standby supervisor'],
      { ...scripts, check_peer_supervisor: true },
    ),
    errs('the other supervisor is absent', [folder('flash:/')], '`dir supervisor-peer:/mnt/flash` was not answered', {
      ...scripts,
      check_peer_supervisor: true,
    }),
    fails('empty', [{ urls: {} }], ['File: boot.py - Not found', 'File: constructor - Not found']),
    fails('no folder', [{}], ['File: boot.py - Not found', 'File: constructor - Not found']),
  ]),
]
