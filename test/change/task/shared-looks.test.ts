import { expect, test } from 'vitest'
import { sharedLooks } from '../../../src/change/task/act/shared-looks.ts'
import type { Device, DeviceTarget, Transport } from '../../../src/eos/device/device.ts'
import { fleetOf } from '../../../src/eos/device/fleet.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'

const SPINE1: DeviceTarget = {
  name: 'spine1',
  host: '192.0.2.1',
  port: 443,
  transport: 'eapi',
  protocol: 'https',
  tls: { mode: 'system' },
}

/** Connections to a switch that die, one after the other, and what happened to them. */
function dying(...dead: readonly number[]) {
  const heard: string[] = []
  let connections = 0
  const connect: Transport['connect'] = async () => {
    connections += 1
    const number = connections
    const ask = (what: string) => async () => {
      heard.push(`${what} over ${number}`)
      await Promise.resolve()
      if (dead.includes(number)) throw new EosflowError('lost-answer', 'the connection died')
      return number
    }
    const close = async () => void heard.push(`close ${number}`)
    return { name: 'spine1', look: ask('look'), readConfig: ask('read'), close } as unknown as Device
  }
  const credential = { username: 'admin', password: new Secret('x') }
  return { fleet: fleetOf([SPINE1], { connect }, async () => credential, noFence), heard }
}

test('a switch that did not answer is asked over a new connection the next time, and by nobody else meanwhile', async () => {
  const { fleet, heard } = dying(1)
  const { look, config } = sharedLooks(fleet, new VirtualClock(), [])('Verify')
  const asked = await Promise.allSettled([look('spine1', 0), look('spine1', 0), config('spine1', 0)])
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  expect(heard).toEqual(['look over 1', 'close 1', 'read over 2'])
  expect((await look('spine1', 0)).answer).toBe(2)
})

test('connections apart are closed with the fleet, and renewed without it', async () => {
  const { fleet, heard } = dying()
  const apart = fleet.apart().as('read')
  await fleet.device('spine1')
  await apart.device('spine1')
  await apart.renew('spine1')
  expect(heard).toEqual(['close 2'])
  await fleet.close()
  expect(heard).toEqual(['close 2', 'close 1', 'close 3'])
})
