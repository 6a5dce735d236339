import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Device, DeviceTarget } from '../../../../src/eos/device/device.ts'
import { eapiTransport } from '../../../../src/eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../../../src/eos/transport/eapi/exchange.ts'
import { startFabric } from '../../../../src/lab/trial/start-fabric.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { BOOT } from '../device-contract.ts'

const SESSION = 'eosflow-1a2b3c4d-1'
const CHECKPOINT = 'eosflow-1a2b3c4d'
const [OLD, NEW] = ['eosflow-1a2b3c4d-own1', 'eosflow-1a2b3c4d-own2']
const PUSH = { session: SESSION, mode: 'merge', commands: [{ cmd: 'vlan 20' }], checkpoint: CHECKPOINT } as const
const HANDS = { session: 'hands', mode: 'merge', commands: [{ cmd: 'vlan 30' }], checkpoint: 'hands' } as const

/** One request that its owner has sent last, and that arrives when another process has taken over. */
interface Late {
  readonly what: string
  /** What was done before, by whom the switch is being changed. */
  before(leaf1: Device): Promise<void>
  send(leaf1: Device): Promise<unknown>
  /** What of the switch tells whether it was done. */
  shown(leaf1: Device): Promise<unknown>
  readonly without: unknown
  readonly under: unknown
}

const startup = async (leaf1: Device) => {
  const [printed] = await leaf1.print(['show startup-config'])
  return printed?.ok === true && printed.text.includes('vlan 20')
}
const running = async (leaf1: Device) => (await leaf1.readConfig()).running.match(/^vlan \d+/gm) ?? []
const state = async (leaf1: Device) => {
  const { sessions, armed } = (await leaf1.look([])).sessions
  return { state: sessions[SESSION], armed: armed?.session }
}

const LATE: readonly Late[] = [
  {
    what: 'a save, while the commit timer of another change runs',
    before: async (leaf1) => {
      await leaf1.stage(PUSH)
      await leaf1.arm(SESSION, 600)
    },
    send: (leaf1) => leaf1.save(),
    shown: startup,
    without: true,
    under: false,
  },
  {
    what: 'a restore (configure replace), when somebody has changed the switch meanwhile',
    before: async (leaf1) => {
      await leaf1.stage(PUSH)
      await leaf1.abort(SESSION)
      await leaf1.stage(HANDS)
      await leaf1.arm('hands', 600)
      await leaf1.confirm('hands')
    },
    send: (leaf1) => leaf1.restore(CHECKPOINT),
    shown: running,
    without: ['vlan 10'],
    under: ['vlan 10', 'vlan 30'],
  },
  {
    what: 'an arm, of a session that nobody has aborted yet',
    before: async (leaf1) => {
      await leaf1.stage(PUSH)
    },
    send: (leaf1) => leaf1.arm(SESSION, 600),
    shown: state,
    without: { state: 'armed', armed: SESSION },
    under: { state: 'pending', armed: undefined },
  },
  {
    what: 'an arm under the configure lock',
    before: async (leaf1) => {
      await leaf1.stage(PUSH)
    },
    send: (leaf1) => leaf1.arm(SESSION, 600, 'lock'),
    shown: state,
    without: { state: 'armed', armed: SESSION },
    under: { state: 'pending', armed: undefined },
  },
  {
    what: 'a confirm, of what another process is about to put back',
    before: async (leaf1) => {
      await leaf1.stage(PUSH)
      await leaf1.arm(SESSION, 600)
    },
    send: (leaf1) => leaf1.confirm(SESSION),
    shown: state,
    without: { state: 'completed', armed: undefined },
    under: { state: 'armed', armed: SESSION },
  },
  {
    what: 'a staging, which leaves a session',
    before: async () => undefined,
    send: (leaf1) => leaf1.stage(PUSH),
    shown: state,
    without: { state: 'pending', armed: undefined },
    under: { state: undefined, armed: undefined },
  },
]

describe('a request that arrives when another process has taken over', () => {
  let fabric: Awaited<ReturnType<typeof startFabric>>
  /** Requests that have left and are still on their way. */
  let onTheirWay: string[]
  const connect = (isHeldUp: () => boolean) => {
    const { http, username, password, eapi } = fabric.device('leaf1')
    const target: DeviceTarget = {
      name: 'leaf1',
      ...http,
      transport: 'eapi',
      protocol: 'http',
      tls: { mode: 'system' },
    }
    const send = async (body: string) => {
      if (!isHeldUp()) return eapi(body)
      onTheirWay.push(body)
      throw new EosflowError('lost-answer', 'nothing was heard')
    }
    const transport = eapiTransport({ openChannel: () => channelOver(send, username) })
    return transport.connect(target, { username, password: new Secret(password) }, noFence)
  }
  beforeEach(async () => {
    onTheirWay = []
    fabric = await startFabric({ config: BOOT, eos: '4.31.2F', name: 'leaf1', clock: new VirtualClock() })
  })
  afterEach(() => fabric.close())

  /** What the switch shows when the late request has arrived. */
  async function arrived({ before, send, shown }: Late, isUnder: boolean) {
    let isHeldUp = false
    const old = await connect(() => isHeldUp)
    const other = await connect(() => false)
    await old.hold(OLD)
    await before(old)
    isHeldUp = true
    await expect(send(isUnder ? old.heldBy(OLD) : old)).rejects.toMatchObject({ kind: 'lost-answer' })
    await other.abort(OLD)
    await other.hold(NEW)
    expect(onTheirWay).toHaveLength(1)
    for (const body of onTheirWay) await fabric.device('leaf1').eapi(body)
    return shown(other)
  }

  test.each(LATE)('$what: reaches the switch without an owner session', async (late) => {
    expect(await arrived(late, false)).toEqual(late.without)
  })

  test.each(LATE)('[G43] $what: dies in the switch under one', async (late) => {
    expect(await arrived(late, true)).toEqual(late.under)
  })

  test('the opening of an owner session that comes late is not taken for open by anybody', async () => {
    const other = await connect(() => false)
    const old = await connect(() => true)
    await expect(old.hold(OLD)).rejects.toMatchObject({ kind: 'lost-answer' })
    const [shown] = await other.print([`show session-config named ${OLD} diffs`])
    expect(shown?.ok).toBe(false)
  })
})
