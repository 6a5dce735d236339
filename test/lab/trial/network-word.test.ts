import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { frontEnd } from '../../../src/doors/cli/outcome/front-end.ts'
import { silentIo } from '../../../src/doors/cli/thread/silent-io.ts'
import { faultSchema } from '../../../src/eos/sim/fault/fault-schema.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { selectedCases, testExecution } from '../../../src/lab/workflow-test/execution.ts'
import { startLab } from '../../../src/lab/workflow-test/lab.ts'
import type { TestCase } from '../../../src/lab/workflow-test/schema.ts'
import { openProject, type Project } from '../../../src/project/files/project.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { extentOfLong } from '../../extent.ts'
import { networkTruths, type ToldNetwork, untrue } from '../network-truth.ts'

// The word for a network behind a put-back, beside what the simulated network is: not beside another reading of it.

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const project = openProject(silentIo(join(ROOT, 'workflows/museum')), {})

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
function drawn(seed: number) {
  const random = new SeededRandom(seed)
  const draw = () => random.fraction()
  const oneOf = <T>(all: readonly T[]) => all[Math.floor(draw() * all.length)] as T
  const change = oneOf(CHANGES)
  const lasting = () => ({
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

/** What was said of each network, and whether it was as it was when the plan was made. */
async function told(testCase: TestCase, of: Project) {
  const lab = startLab(testCase, systemClock)
  const truths = networkTruths(
    (device) => lab.fabric.network.context(lab.fabric.get(device).device).state,
    testCase.fabric.devices.map(({ name }) => name),
  )
  const saw = (events: readonly JournalEvent[]) => {
    truths.saw(events)
    lab.saw(events)
  }
  await lab.whileTimePasses(testExecution(of, frontEnd)(testCase, { ...lab, saw }))
  return truths.told
}

/** The words that are true. Of a port that goes up and down until the time is over nobody can say how it stays. */
function truthsOf({ testCase: { faults } }: Seed, isSame: boolean | undefined) {
  const flaps = faults.some(({ fault }) => fault.kind === 'link-flap')
  return [isSame ? 'same' : 'differs', ...(flaps ? ['unknown'] : [])]
}

const RUNS = extentOfLong(2, Number(process.env.NETWORK_SEEDS ?? 1_000))
const FIRST = Number(process.env.NETWORK_FIRST ?? 1)

describe('the word for a network behind a put-back', { tags: ['long', 'turn'] }, () => {
  test(`is true of ${RUNS} drawn networks`, { timeout: 36_000_000 }, async () => {
    const words: Record<string, number> = {}
    for (let seed = FIRST; seed < FIRST + RUNS; seed += 1) {
      const one = drawn(seed)
      for (const { word, isSame } of await told(one.testCase, project)) {
        words[word] = (words[word] ?? 0) + 1
        expect([seed, truthsOf(one, isSame)]).toEqual([seed, expect.arrayContaining([word])])
      }
    }
    process.stdout.write(`networks behind put-backs, seeds ${FIRST} to ${FIRST + RUNS - 1}: ${JSON.stringify(words)}\n`)
    // A handful may be all of one kind.
    const least = RUNS < 20 ? 0 : RUNS / 10
    expect(words.same ?? 0).toBeGreaterThanOrEqual(least)
    expect(words.differs ?? 0).toBeGreaterThanOrEqual(least)
  })

  test('is true wherever a case of a bundled workflow is put back', {
    timeout: 600_000,
  }, async () => {
    const bundled = openProject(silentIo(ROOT), {})
    const files = readdirSync(join(ROOT, 'workflows/tests')).filter((name) => name.endsWith('.test.yaml'))
    const cases = selectedCases(bundled, { files: files.map((name) => `workflows/tests/${name}`) }).filter(
      ({ expect: { outcome } }) => outcome === 'rolled-back',
    )
    const found: ToldNetwork[] = []
    for (const testCase of cases) found.push(...(await told(testCase, bundled)))
    expect(untrue(found)).toEqual([])
    expect(cases.length).toBeGreaterThanOrEqual(10)
    expect(found.length).toBeGreaterThanOrEqual(cases.length)
    expect(found.filter(({ isSame }) => isSame !== undefined).length).toBeGreaterThan(found.length / 2)
  })
})
