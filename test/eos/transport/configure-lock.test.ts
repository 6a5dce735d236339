import { describe, expect, onTestFinished, test } from 'vitest'
import type { Actor } from '../../../src/eos/sim/switch/config-session.ts'
import { type RunningDevice, startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { BOOT } from './device-contract.ts'
import { deviceOver, type Over, TRANSPORTS } from './device-over.ts'

const SESSION = 'eosflow-1a2b3c4d-1'
const OTHER: Actor = { user: 'somebody', from: 'vty7' }
const COMMIT = `configure session ${SESSION} commit timer 00:10:00`

/** A switch with a staged change, over one of the transports. */
async function staged(over: Over) {
  const fabric = await startFabric({ config: BOOT, eos: '4.32.2F', name: 'leaf1' })
  onTestFinished(() => fabric.close())
  const simulated = fabric.device('leaf1')
  const device = await deviceOver(over, simulated)
  await device.stage({
    session: SESSION,
    mode: 'merge',
    commands: [{ cmd: 'vlan 20' }],
    checkpoint: 'eosflow-1a2b3c4d',
  })
  return { device, simulated }
}

/** What was sent that locks, shows or commits, in its order. */
const telling = ({ requests }: RunningDevice) =>
  requests()
    .flatMap(({ commands }) => commands)
    .filter((command) => /^configure (un)?lock|commit timer/.test(command))

describe.each(TRANSPORTS)('over %s', (over) => {
  test('the timed commit is sent without the lock unless it is asked for', async () => {
    const { device, simulated } = await staged(over)
    await device.arm(SESSION, 600)
    expect(telling(simulated)).toEqual([COMMIT])
    await device.abort(SESSION)
  })

  test('with it the base is read and the commit sent while nobody else can configure, and the lock is given back', async () => {
    const { device, simulated } = await staged(over)
    const running = await device.arm(SESSION, 600, 'lock')
    expect(running).not.toContain('vlan 20')
    expect(telling(simulated)).toEqual(['configure lock', COMMIT, 'configure unlock'])
    expect(simulated.switch.sessions.timer?.session).toBe(SESSION)
    expect(simulated.switch.lock.against({}, OTHER)).toBeUndefined()
    await device.abort(SESSION)
  })

  test('while somebody else holds it, nothing is committed: busy', async () => {
    const { device, simulated } = await staged(over)
    simulated.switch.lock.take({}, OTHER, 'maintenance')
    await expect(device.arm(SESSION, 600, 'lock')).rejects.toMatchObject({
      kind: 'busy',
      device: 'leaf1',
      message: expect.stringMatching(/^leaf1: the configuration cannot be locked: .*locked by somebody/),
    })
    expect(simulated.counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
    simulated.switch.lock.clear()
    await device.abort(SESSION)
  })

  test('a commit that is refused gives the lock back, too', async () => {
    const { device, simulated } = await staged(over)
    await device.abort(SESSION)
    await expect(device.arm(SESSION, 600, 'lock')).rejects.toMatchObject({ kind: 'refused' })
    expect(simulated.switch.lock.against({}, OTHER)).toBeUndefined()
    expect((await device.look([])).sessions.armed).toBeUndefined()
  })
})
