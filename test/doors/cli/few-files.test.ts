import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { fleetChange } from '../../../bench/fleet-change.ts'
import { everyNthOfLong } from '../../extent.ts'
import { BUILT, fileText } from '../../lab/lab.ts'
import { fleetProject } from '../../soak/fleet.ts'

/** A process that may have so many files open, and no more; each connection is one. */
const FILES = 160
const SWITCHES = 180

/** The built command in a project, which may have no more files open. */
const limited =
  (cwd: string) =>
  (...argv: readonly string[]) =>
    promisify(execFile)('sh', ['-c', `ulimit -n ${FILES} && exec "$@"`, 'sh', process.execPath, BUILT, ...argv], {
      cwd,
      maxBuffer: 64 << 20,
    })

test.each(everyNthOfLong(2, 'transports over which more switches than files are asked', ['http', 'ssh'] as const))(
  'more switches than a process may have files open are asked and planned for, over %s',
  {
    tags: 'long',
    timeout: 120_000,
  },
  async (protocol) => {
    const fleet = await fleetProject(SWITCHES, 'version: 1\n', { hosts: 2, protocol })
    try {
      const eosflow = limited(fleet.dir)
      const { stdout, stderr } = await eosflow('ask', 'show version', '-t', '*')
      expect(stdout).toContain(`Asked: ${SWITCHES} switches: ${SWITCHES} answered`)
      expect(stderr).not.toContain('Warning')
      fleet.write('change.yaml', fleetChange('change', 901, 20))
      const planned = await eosflow('plan', 'change.yaml', '-o', 'change.plan')
      expect(planned.stdout).toContain(`Plan: ${SWITCHES} switches to change, 0 unchanged`)
    } finally {
      fleet.close()
    }
  },
)

test('a change of fewer switches than there are places is not stopped, though each has several connections in the middle of its new logins', {
  tags: ['long', 'turn'],
  timeout: 120_000,
}, async () => {
  const few = 80
  const fleet = await fleetProject(few, 'version: 1\n', { hosts: 2, seconds: 0.5 })
  try {
    const eosflow = limited(fleet.dir)
    fleet.write('change.yaml', fleetChange('change', 902, 50))
    await eosflow('plan', 'change.yaml', '-o', 'change.plan')
    const { digest } = JSON.parse(fileText(fleet.dir, 'change.plan'))
    await eosflow('approve', 'change.plan', '--digest', digest)
    const { stdout, stderr } = await eosflow('run', 'change.plan')
    expect(stdout).toContain(`succeeded · ${few} switches: ${few} confirmed`)
    expect(`${stdout}${stderr}`).not.toContain('EMFILE')
  } finally {
    fleet.close()
  }
})
