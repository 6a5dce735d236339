import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { stateAreas } from '../../../src/check/area/index.ts'
import { commandsOfAreas, readAreas } from '../../../src/check/area/read-areas.ts'
import { noFence } from '../../../src/model/fence.ts'
import type { Json } from '../../../src/model/json.ts'
import { Secret } from '../../../src/model/secret.ts'
import { inMemoryEapi } from '../../../src/sim/eapi/in-memory.ts'
import { parseFabric } from '../../../src/sim/fabric/parse-fabric.ts'
import { SimulatedFabric } from '../../../src/sim/fabric/simulated-fabric.ts'
import type { Demand } from '../../../src/sim/facts.ts'
import { faultSchema } from '../../../src/sim/fault/fault-schema.ts'
import { eapiTransport } from '../../../src/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../../src/transport/eapi/exchange.ts'
import { SeededRandom } from '../../../src/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { CAUSES, COLUMNS, DEMAND } from './causes.ts'

const ROOT = new URL('../../../fixtures/dc1/', import.meta.url)

const beside = (path: string) => {
  try {
    return readFileSync(new URL(path, ROOT))
  } catch {
    return undefined
  }
}

/** The bundled fabric in memory, with two hosts that send and what flows between them. */
function bundled(demands: readonly Demand[]) {
  const text = `${readFileSync(new URL('fabric.yaml', ROOT), 'utf8')}
hosts:
  hv01: [{ mac: '02:00:00:00:01:0a', vlan: 110, address: 10.10.110.20 }]
  hv05: [{ mac: '02:00:00:00:01:0b', vlan: 110, address: 10.10.110.25 }]
`
  const read = parseFabric(text, 'fabric.yaml', beside)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const devices = read.value.devices.map((device) => ({ ...device, managementOutside: true }))
  const clock = new VirtualClock()
  const fabric = new SimulatedFabric({ ...read.value, devices, demands }, { clock, random: new SeededRandom(3) })
  const stateOf = async (name: string): Promise<Readonly<Record<string, Json>>> => {
    const eapi = inMemoryEapi(fabric.get(name).eapi)
    const { username, password } = read.value.credentials
    const device = await eapiTransport({ openChannel: () => channelOver(eapi, username) }).connect(
      { name, host: '127.0.0.1', port: 1, transport: 'eapi', protocol: 'http', tls: { mode: 'system' } },
      { username, password: new Secret(password) },
      noFence,
    )
    const { replies } = await device.look(commandsOfAreas(COLUMNS))
    return readAreas(COLUMNS, replies)
  }
  return { clock, fabric, stateOf }
}

describe('what may happen changes what it is the cause of, and nothing else', () => {
  const before = new Map<string, Readonly<Record<string, Json>>>()
  beforeAll(async () => {
    const { stateOf } = bundled([DEMAND])
    for (const name of ['leaf1', 'spine1']) before.set(name, await stateOf(name))
  })

  test.each(CAUSES)('$name', { tags: 'long' }, async ({ name, faults, demands = [DEMAND], seen, changes }) => {
    const { clock, fabric, stateOf } = bundled(demands)
    for (const one of faults) fabric.fault(faultSchema.parse(one))
    await clock.advance(name === 'an hour passes' ? 3_600_000 : 35_000)
    const after = await stateOf(seen)
    const told = COLUMNS.flatMap((column) => {
      const area = stateAreas.find((one) => one.name === column)
      const comparison = area?.describe(before.get(seen)?.[column], after[column])
      if (comparison?.comparable !== true) return [{ column, text: comparison?.text }]
      return comparison.changes.map(({ text }) => ({ column, text }))
    })
    const changed = COLUMNS.filter((column) => told.some((one) => one.column === column))
    expect(changed, JSON.stringify(told, null, 1)).toEqual(changes)
  })

  test('there are 48 causes, and each of 14 areas is changed by two of them at least, and not by most', () => {
    expect(CAUSES).toHaveLength(48)
    expect(COLUMNS).toHaveLength(14)
    const times = COLUMNS.map((column) => CAUSES.filter(({ changes }) => changes.includes(column)).length)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...times)).toBeLessThan(24)
    expect(CAUSES.filter(({ changes }) => changes.length === 0)).toHaveLength(10)
  })
})
