import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { fleetChange } from '../../bench/fleet-change.ts'
import { BUILT } from '../lab/checkout.ts'
import { fleetProject } from '../soak/fleet-project.ts'

/** A process that may have so many files open, and no more; each connection is one. */
const FILES = 160
const SWITCHES = 200

test.each(['http', 'ssh'] as const)(
  'more switches than a process may have files open are asked and planned for, over %s',
  {
    tags: 'long',
    timeout: 120_000,
  },
  async (protocol) => {
    const fleet = await fleetProject(SWITCHES, 'version: 1\n', { hosts: 2, protocol })
    try {
      const limited = ['-c', `ulimit -n ${FILES} && exec "$@"`, 'sh', process.execPath, BUILT]
      const eosflow = (...argv: readonly string[]) =>
        promisify(execFile)('sh', [...limited, ...argv], { cwd: fleet.dir, maxBuffer: 64 << 20 })
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
