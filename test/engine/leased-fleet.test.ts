import { describe, expect, test } from 'vitest'
import type { Device } from '../../src/device/device.ts'
import type { Fleet } from '../../src/device/transport.ts'
import { leasedFleet } from '../../src/engine/leased-fleet.ts'
import { EosflowError } from '../../src/model/error.ts'

/** A switch that notes the verbs it is asked for. */
function notingDevice(): { readonly device: Device; readonly asked: string[] } {
  const asked: string[] = []
  const verb = (name: string) => async () => {
    asked.push(name)
    return undefined as never
  }
  const device: Device = {
    name: 'leaf1',
    look: verb('look'),
    print: verb('print'),
    readConfig: verb('readConfig'),
    stage: verb('stage'),
    replay: verb('replay'),
    arm: verb('arm'),
    confirm: verb('confirm'),
    abort: verb('abort'),
    save: verb('save'),
    restore: verb('restore'),
    boot: verb('boot'),
    removeCheckpoints: verb('removeCheckpoints'),
    close: verb('close'),
  }
  return { device, asked }
}

/** The switch as an execution has it whose lease is lost, or held. */
async function leased(isLost: boolean) {
  const { device, asked } = notingDevice()
  const required: string[] = []
  const leases = {
    leaseOf: async () => undefined,
    requireLease: async (execution: string, name: string) => {
      required.push(`${execution} ${name}`)
      if (isLost) throw new EosflowError('busy', 'taken over', { device: name })
    },
  }
  const plain: Fleet = {
    device: async () => device,
    renew: async () => device,
    logInAnew: async () => ({ device, adopt: async () => undefined, giveUp: async () => undefined }),
    user: () => 'rw',
    apart: () => plain,
    as: () => plain,
    requireLogin: async () => undefined,
    close: async () => undefined,
  }
  return { one: await leasedFleet(plain, leases, 'x1').renew('leaf1'), asked, required }
}

const send: readonly (readonly [string, boolean, (one: Device) => Promise<unknown>])[] = [
  ['look', false, (one) => one.look([])],
  ['print', false, (one) => one.print([])],
  ['readConfig', false, (one) => one.readConfig()],
  ['abort', false, (one) => one.abort('s')],
  ['close', false, (one) => one.close()],
  ['stage', true, (one) => one.stage({ session: 's', mode: 'merge', commands: [], checkpoint: 'c' })],
  ['replay', true, (one) => one.replay('s', 'c')],
  ['arm', true, (one) => one.arm('s', 300)],
  ['removeCheckpoints', true, (one) => one.removeCheckpoints(['c'])],
  ['confirm', true, (one) => one.confirm('s')],
  ['save', true, (one) => one.save()],
  ['restore', true, (one) => one.restore('c')],
  ['boot', true, (one) => one.boot(['boot system flash:/EOS.swi'])],
]

describe('a switch of an execution', () => {
  test.each(send)('%s: whether it needs the lease: %s', async (verb, needs, ask) => {
    const held = await leased(false)
    await ask(held.one)
    expect(held.asked).toEqual([verb])
    expect(held.required).toEqual(needs ? ['x1 leaf1'] : [])
    const lost = await leased(true)
    const outcome = await ask(lost.one).catch((error: unknown) => error)
    expect(lost.asked).toEqual(needs ? [] : [verb])
    expect(outcome instanceof EosflowError && outcome.kind === 'busy').toBe(needs)
  })
})
