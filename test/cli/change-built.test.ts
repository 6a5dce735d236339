import { describe, expect, test } from 'vitest'
import { leaves } from '../e2e/two-leaves.ts'
import { exits, openLab, prints, runningConfig, type SocketLab, warns } from '../lab/lab.ts'
import { eosflow } from './eosflow.ts'
import { start } from './running.ts'

const PORT = ['interface Ethernet2', 'description uplink to fw1']
const hasPort = ({ fabric }: SocketLab) =>
  runningConfig(fabric.device('leaf1')).includes('interface Ethernet2\n   description uplink to fw1\n')

/** One leaf over real HTTP, in a project without a workflow. It speaks no protocol that a verification would wait for. */
function bench() {
  const { fabric } = leaves(1)
  const devices = fabric.devices.map((one) => ({ ...one, config: one.config.replace(/router bgp[^!]*!/, '!') }))
  return openLab({ world: 'sockets', switches: { fabric: { ...fabric, devices } }, files: {} })
}

describe('change, as it is shipped', () => {
  test('takes lines from standard input, and ends with exit 12 where nobody is asked', async () => {
    const on = await bench()
    await prints(
      12,
      eosflow('change -t leaf1 -', { cwd: on.dir, input: `${PORT.join('\n')}\n` }),
      /Next: eosflow approve \S+ && eosflow resume \S+\n$/,
    )
    const shown = await on.eosflow('show @latest')
    expect(shown.out).toContain('  -    description HOST_web01\n  +    description uplink to fw1\n')
    expect(hasPort(on)).toBe(false)
    await warns(3, eosflow('change -t leaf1 -', { cwd: on.dir, input: '' }), 'stdin: there is no line to be sent')
    await exits(0, on.eosflow('stop @latest --reason test'))
  })

  test('goes on in another process after kill -9', { tags: 'long', timeout: 120_000 }, async () => {
    const on = await bench()
    await exits(0, on.eosflow('change -t leaf1', ...PORT, '-o', 'x.plan'))
    await exits(0, on.eosflow('approve x.plan'))
    const running = start(on, 'run x.plan')
    await running.said(/leaf1: committed under its timer/)
    running.kill('SIGKILL')
    expect((await running.ended).signal).toBe('SIGKILL')
    expect(hasPort(on)).toBe(true)
    await prints(0, on.eosflow('resume'), 'succeeded')
    expect(hasPort(on)).toBe(true)
    expect(on.fabric.device('leaf1').switch.sessions.timer).toBeUndefined()
  })
})
