import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openProject } from '../../src/app/project/project.ts'
import { frontEnd } from '../../src/cli/front-end.ts'
import { silentIo } from '../../src/cli/workflow-test/silent-io.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import type { SwitchState } from '../../src/sim/converge/network-state.ts'
import { faultSchema } from '../../src/sim/fault/fault-schema.ts'
import { systemClock } from '../../src/system/system-clock.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { selectedCases } from '../../src/trial/workflow-test/cases.ts'
import { testExecution } from '../../src/trial/workflow-test/execution.ts'
import { startLab } from '../../src/trial/workflow-test/lab.ts'
import type { TestCase } from '../../src/trial/workflow-test/test-case.ts'
import { extent, extentOfLong } from '../extent.ts'

// The word for a network behind a put-back, beside what the simulated network is: not beside another reading of it.

const project = openProject(silentIo(fileURLToPath(new URL('../../workflows/museum', import.meta.url))), {})

/** The change of each of these is put back: after it some peers are kept down, and some are not. */
const CHANGES = ['denver-2019', 'rogers-2022', 'azure-2023', 'level3-2017', 'cloudflare-2020', 'ionos-fra-2026'].map(
  (name) => {
    const found = selectedCases(project, { files: [`tests/${name}.test.yaml`] }).find(
      ({ expect: end }) => end.outcome === 'rolled-back',
    )
    if (found === undefined) throw new Error(`no case of ${name} is put back`)
    return found
  },
)

const STATES = ['Push', 'Verify', 'Rollback'] as const
const PORTS = ['Ethernet1', 'Ethernet2', 'Ethernet3', 'Ethernet4', 'Ethernet4'] as const
const PEERS = ['100.64.0.1', '100.64.1.1', '100.64.3.1'] as const

interface Seed {
  readonly seed: number
  readonly testCase: TestCase
}

/** A change with some faults at drawn moments, some of which last. */
function drawn(seed: number): Seed {
  const random = new SeededRandom(seed)
  const draw = (): number => random.fraction()
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(draw() * all.length)] as T
  const change = oneOf(CHANGES)
  const lasting = (): object => ({
    after: Math.floor(draw() * 120),
    ...(draw() < 0.6 ? { for: 1 + Math.floor(draw() * draw() * 500) } : {}),
  })
  const kinds: readonly (() => object)[] = [
    () => ({ kind: 'port-errdisabled', port: oneOf(PORTS), after: Math.floor(draw() * 120) }),
    () => ({ kind: 'bgp-peer-down', peer: oneOf(PEERS), ...lasting() }),
    () => ({ kind: 'link-down', port: oneOf(PORTS), ...lasting() }),
    () => ({ kind: 'routes-withdrawn', peer: oneOf(PEERS), ...lasting() }),
    () => ({ kind: 'link-flap', port: oneOf(PORTS), period: 2 + Math.floor(draw() * 40), ...lasting() }),
  ]
  const faults = Array.from({ length: Math.floor(draw() * 4) }, () => {
    return { fault: faultSchema.parse({ device: 'edge1', ...oneOf(kinds)() }), when: oneOf(STATES), mayMiss: true }
  })
  return { seed, testCase: { ...change, faults: faults as TestCase['faults'] } }
}

/** What a switch has in the areas that these workflows read, from its converged state. */
function truthOf(state: SwitchState): string {
  const interfaces = [...state.interfaces.values()].map(({ name, status, bandwidth, mode }) => [
    name,
    status,
    bandwidth,
    mode,
  ])
  const peers = [...state.bgp].flatMap(([vrf, { peers }]) =>
    [...peers.values()].map(({ address, state, asn, families }) => {
      const isUp = state === 'Established'
      const counts = [...families].map(([family, { state, accepted, sent }]) => [family, state, accepted, sent()])
      return [vrf, address, isUp, asn, counts]
    }),
  )
  const routes = [...state.routes].map(([vrf, all]) => [
    vrf,
    [...all.values()].map(({ prefix, vias }) => [prefix, vias.map(({ nexthop, interface: port }) => [nexthop, port])]),
  ])
  return JSON.stringify({ interfaces, peers, routes })
}

interface Told {
  readonly word: string
  readonly isSame: boolean
}

/** What was said of each network, and whether it was as it was when the plan was made. */
async function told({ testCase }: Seed): Promise<readonly Told[]> {
  const lab = startLab(testCase, systemClock)
  const truth = (device: string): string => truthOf(lab.fabric.network.context(lab.fabric.get(device).device).state)
  const before = new Map<string, string>()
  const found: Told[] = []
  const saw = (events: readonly JournalEvent[]): void => {
    for (const event of events) {
      if (event.type === 'PlanMade') for (const device of event.waves.flat()) before.set(device, truth(device))
      if (event.type === 'NetworkRead')
        found.push({ word: event.network, isSame: truth(event.device) === before.get(event.device) })
    }
    lab.saw(events)
  }
  await lab.whileTimePasses(testExecution(project, frontEnd)(testCase, { ...lab, saw }))
  return found
}

/** The words that are true. Of a port that goes up and down until the time is over nobody can say how it stays. */
function truthsOf({ testCase: { faults } }: Seed, isSame: boolean): readonly string[] {
  const flaps = faults.some(({ fault }) => fault.kind === 'link-flap')
  return [isSame ? 'same' : 'differs', ...(flaps ? ['unknown'] : [])]
}

const RUNS = extentOfLong(extent(6, 40), Number(process.env.NETWORK_SEEDS ?? 20_000))
const FIRST = Number(process.env.NETWORK_FIRST ?? 1)

describe('the word for a network behind a put-back', () => {
  test(`is true of ${RUNS} drawn networks`, { tags: 'cut', timeout: 36_000_000 }, async () => {
    const words: Record<string, number> = {}
    for (let seed = FIRST; seed < FIRST + RUNS; seed += 1) {
      const one = drawn(seed)
      for (const { word, isSame } of await told(one)) {
        words[word] = (words[word] ?? 0) + 1
        expect([seed, truthsOf(one, isSame)]).toEqual([seed, expect.arrayContaining([word])])
      }
    }
    process.stdout.write(`networks behind put-backs, seeds ${FIRST} to ${FIRST + RUNS - 1}: ${JSON.stringify(words)}\n`)
    // A handful may be all of one kind.
    const least = RUNS < 40 ? 0 : RUNS / 10
    expect(words.same ?? 0).toBeGreaterThanOrEqual(least)
    expect(words.differs ?? 0).toBeGreaterThanOrEqual(least)
  })
})
