import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interfacesArea } from '../../../src/eos/check/area/interfaces.ts'
import { vlanArea } from '../../../src/eos/check/area/vlan.ts'
import { upSince } from '../../../src/eos/check/expect/expectation.ts'
import type { Reply } from '../../../src/eos/device/device.ts'
import type { Json } from '../../../src/model/json.ts'

const odd = fc.constantFrom<Json | undefined>(undefined, null, '', 7, 1.5, 2 ** 60, true, [], {}, 'connected')
const text = fc.constantFrom<Json | undefined>('connected', 'notconnect', 'access')
/** Mostly what is meant, sometimes anything. */
const mostly = (meant: fc.Arbitrary<Json | undefined>) =>
  fc.oneof({ weight: 30, arbitrary: meant }, { weight: 1, arbitrary: odd })
const int = fc.constantFrom<Json | undefined>(0, 3, undefined)
const some = (shape: Record<string, fc.Arbitrary<Json | undefined>>) => mostly(fc.record(shape) as fc.Arbitrary<Json>)
const record = (of: fc.Arbitrary<Json | undefined>) =>
  mostly(
    fc.dictionary(fc.constantFrom('Ethernet1', 'Vlan10', '7', '__proto__'), of, { maxKeys: 3 }) as fc.Arbitrary<Json>,
  )

const STATUS = some({
  interfaceStatuses: record(
    some({
      linkStatus: mostly(text),
      bandwidth: mostly(int),
      duplex: mostly(text),
      vlanInformation: some({ interfaceMode: mostly(text), vlanId: mostly(int) }),
      description: odd,
    }),
  ),
})
const EVERY = some({
  interfaces: record(
    some({
      interfaceStatus: mostly(text),
      lastStatusChangeTimestamp: mostly(fc.constantFrom<Json | undefined>(1.5, 1_700_000_000, undefined)),
      interfaceCounters: some({ linkStatusChanges: mostly(int), more: odd }),
    }),
  ),
})
const VLANS = some({
  vlans: record(
    some({
      name: mostly(text),
      status: mostly(text),
      dynamic: mostly(fc.constantFrom<Json | undefined>(true, false, undefined)),
      interfaces: record(odd),
    }),
  ),
})

/** As a switch sends it, which sends no undefined. */
const sent = (json: Json | undefined): Reply => ({ ok: true, json: JSON.parse(JSON.stringify(json ?? null)) as Json })

/** The same answer with a member beside that a schema passes over: what is plain is not plain with it. */
function beside(reply: Reply, within: string): Reply {
  if (!reply.ok) return reply
  const json = structuredClone(reply.json) as Record<string, Json>
  const record = json?.[within]
  if (typeof record === 'object' && record !== null && !Array.isArray(record))
    Object.defineProperty(record, '__proto__', { value: {}, enumerable: true, configurable: true })
  return { ok: true, json }
}

describe('a plain answer is read as its schema reads it: seed 2127', () => {
  const options = { seed: 2127, numRuns: 600 }

  test('show interfaces status and show interfaces', () => {
    let read = 0
    fc.assert(
      fc.property(STATUS, EVERY, (status, every) => {
        const replies = [sent(status), sent(every)]
        const told = interfacesArea.now(replies)
        const judged = interfacesArea.now([
          beside(sent(status), 'interfaceStatuses'),
          beside(sent(every), 'interfaces'),
        ])
        expect(told).toEqual(judged)
        if (told.ok && Object.keys(told.state).length > 0) read += 1
      }),
      options,
    )
    expect(read).toBeGreaterThan(160)
  })

  test('show vlan', () => {
    let read = 0
    fc.assert(
      fc.property(VLANS, (vlans) => {
        const told = vlanArea.now([sent(vlans)])
        expect(told).toEqual(vlanArea.now([beside(sent(vlans), 'vlans')]))
        if (told.ok && Object.keys(told.state).length > 0) read += 1
      }),
      options,
    )
    expect(read).toBeGreaterThan(160)
  })

  test('since when interfaces are up', () => {
    let read = 0
    const asked = [{ cmd: 'show interfaces', revision: 1 }]
    fc.assert(
      fc.property(EVERY, (every) => {
        const told = upSince(asked, [sent(every)])
        expect(told).toEqual(upSince(asked, [beside(sent(every), 'interfaces')]))
        if (Object.keys(told).length > 0) read += 1
      }),
      options,
    )
    expect(read).toBeGreaterThan(60)
  })
})
