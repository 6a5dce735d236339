import { expect, test } from 'vitest'
import type { Device } from '../../src/device/device.ts'
import type { DeviceTarget } from '../../src/device/transport.ts'
import { EosflowError } from '../../src/model/error.ts'
import { noFence } from '../../src/model/fence.ts'
import { Secret } from '../../src/model/secret.ts'
import { withFallback } from '../../src/transport/with-fallback.ts'

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
function site(unreachable: 'connect' | 'look') {
  const tried: string[] = []
  const gone = (): never => {
    throw new EosflowError('unreachable', 'leaf1: nothing answers')
  }
  const transport = withFallback({
    connect: async ({ transport: way }) => {
      tried.push(`connect ${way}`)
      if (way === 'eapi' && unreachable === 'connect') gone()
      const look = async () => (way === 'eapi' ? gone() : 'answer')
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
