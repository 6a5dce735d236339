import { describe, expect, onTestFinished, test } from 'vitest'
import { type RunningDevice, startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { BOOT } from './device-contract.ts'
import { deviceOver, type Over, TRANSPORTS } from './device-over.ts'

const SESSION = 'eosflow-1a2b3c4d-1'
const WHOSE = 'eosflow execution 20261120-060000-1a2b3c4d for corp:00u1'

/** A switch over one of the transports, whose log is told whose changes are. */
async function announcing(over: Over, announce: string) {
  const fabric = await startFabric({ config: BOOT, eos: '4.32.2F', name: 'leaf1' })
  onTestFinished(() => fabric.close())
  const simulated = fabric.device('leaf1')
  const device = await deviceOver(over, simulated, { announce })
  return { device, simulated, fabric }
}

const change = { session: SESSION, mode: 'merge', commands: [{ cmd: 'vlan 20' }] } as const
const pushed = { ...change, checkpoint: 'eosflow-1a2b3c4d' }

const logOf = ({ switch: { syslog } }: RunningDevice) =>
  syslog
    .entries()
    .map(({ line }) => line)
    .join('\n')

describe.each(TRANSPORTS)('over %s', (over) => {
  test("the switch's own log names the execution and who asked for it, once its change is staged", async () => {
    const { device, simulated } = await announcing(over, WHOSE)
    const staged = await device.stage(pushed)
    expect(staged.diff).toContain('vlan 20')
    expect(logOf(simulated)).toMatch(new RegExp(`LOGMSG_INFO: Message from admin on .*: ${WHOSE}`))
    await device.abort(SESSION)
  })

  test('a plan, which leaves nothing behind, is not announced', async () => {
    const { device, simulated } = await announcing(over, WHOSE)
    expect((await device.stage(change)).diff).toContain('+vlan 20')
    expect(logOf(simulated)).not.toContain('LOGMSG')
  })

  test('a switch that denies it is changed all the same', async () => {
    const { device, simulated, fabric } = await announcing(over, WHOSE)
    await fabric.fault({
      kind: 'refuse-command',
      device: 'leaf1',
      command: '^send log',
      code: 1005,
      errors: ['denied'],
    })
    const staged = await device.stage(pushed)
    expect(staged.candidate).toContain('vlan 20')
    expect(logOf(simulated)).not.toContain('LOGMSG')
    expect(simulated.switch.sessions.all().map(({ name, state }) => [name, state])).toEqual([[SESSION, 'pending']])
    await device.abort(SESSION)
  })

  test('a refused line of the change is still its own fault', async () => {
    const { device, simulated } = await announcing(over, WHOSE)
    const bad = { ...pushed, commands: [{ cmd: 'vlan 20' }, { cmd: 'no such line' }] }
    await expect(device.stage(bad)).rejects.toMatchObject({ kind: 'refused', command: 'no such line' })
    expect(logOf(simulated)).not.toContain('LOGMSG')
    await device.abort(SESSION)
  })

  test('what the CLI would take for more than words does not reach it', async () => {
    const { device, simulated } = await announcing(over, `for a|b ; "reload"\n!${'x'.repeat(300)}`)
    await device.stage(pushed)
    const sent = simulated.requests().flatMap(({ commands }) => commands)
    expect(sent.filter((command) => command.startsWith('send'))).toEqual([
      `send log level informational message for a_b _ _reload___${'x'.repeat(300)}`.slice(0, 237),
    ])
    await device.abort(SESSION)
  })
})
