import { expect, test } from 'vitest'
import type { Device, DeviceTarget } from '../../../src/eos/device/device.ts'
import { withFallback } from '../../../src/eos/transport/with-fallback.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'

const LEAF1: DeviceTarget = {
  name: 'leaf1',
  host: '192.0.2.11',
  port: 443,
  transport: 'eapi',
  protocol: 'https',
  tls: { mode: 'system' },
  fallback: {
    name: 'leaf1',
    host: '192.0.2.11',
    port: 22,
    transport: 'ssh',
    hostKey: { mode: 'known-hosts', file: 'known_hosts' },
  },
}

/** A switch whose eAPI is unreachable when it is connected to, or when it is asked; what was tried. */
function site(unreachable: 'connect' | 'look', isSshGone = false) {
  const tried: string[] = []
  let times = 0
  const gone = (): never => {
    throw new EosflowError('unreachable', 'leaf1: nothing answers')
  }
  const transport = withFallback({
    connect: async ({ transport: way }) => {
      tried.push(`connect ${way}`)
      times += way === 'eapi' ? 1 : 0
      if (way === 'eapi' && unreachable === 'connect' && !(isSshGone && times > 1)) gone()
      const isGone = way === 'eapi' ? !isSshGone : isSshGone
      const look = async () => (isGone ? gone() : 'answer')
      return { name: 'leaf1', look, close: async () => undefined } as unknown as Device
    },
  })
  const connect = () => transport.connect(LEAF1, { username: 'ops', password: new Secret('x') }, noFence)
  return { tried, connect }
}

test.each(['connect', 'look'] as const)(
  'a switch that was unreachable at %s is read over its fallback from then on, over a new connection too',
  async (unreachable) => {
    const { tried, connect } = site(unreachable)
    for (let at = 0; at < 3; at += 1) {
      const device = await connect()
      expect(await device.look([])).toBe('answer')
      await device.close()
    }
    expect(tried).toEqual(['connect eapi', 'connect ssh', 'connect ssh', 'connect ssh'])
  },
)

test('one whose fallback does not answer is asked as usual again', async () => {
  const { tried, connect } = site('connect', true)
  const first = await connect()
  await expect(first.look([])).rejects.toThrow('leaf1: nothing answers')
  await first.close()
  expect(await (await connect()).look([])).toBe('answer')
  expect(tried).toEqual(['connect eapi', 'connect ssh', 'connect eapi'])
})
