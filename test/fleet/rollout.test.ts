import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../src/config/render.ts'
import { EosflowError } from '../../src/model/error.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { DeviceFault } from '../../src/sim/fault/fault.ts'
import type { Ended } from '../e2e/harness.ts'
import { type Lab, type LabOptions, startLab } from '../e2e/in-memory.ts'
import { isSaved, whereIs } from '../e2e/vlan-change.ts'
import { inventoryOf, LEAVES, peerOf, SPINES, sixtySwitches } from './sixty-switches.ts'

const TIMED = /^configure session \S+ commit timer /
const CONFIRM = /^configure session \S+ commit$/
const ALL: readonly string[] = [...SPINES, ...LEAVES]

/** One VLAN on all sixty switches, twelve at a time. */
const workflow = (rollout: string, targets = 'role:leaf or role:spine'): string => `name: sixty
targets: ${targets}
change: { mode: merge, lines: ['vlan 998', '   name TESTED'] }
rollout: { ${rollout}, concurrency: 20 }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: 20m }
  - verify: { within: 20s, stableFor: 4s, every: 4s, checks: [reachable, interfaces-up, { vlans-present: { vlans: [998] } }] }
  - confirm
`

interface Fleet {
  readonly lab: Lab
  /** What every switch ran before. */
  readonly before: ReadonlyMap<string, string>
  plan(): Promise<Plan>
}

/** `stops` gives the interrupt of each command line. */
function startFleet(
  rollout: string,
  { stops, ...options }: Omit<LabOptions, 'stop'> & { readonly stops?: () => AbortSignal } = {},
): Fleet {
  const lab = startLab({
    fabric: sixtySwitches(),
    workflow: workflow(rollout),
    ...options,
    get stop() {
      return stops?.() ?? new AbortController().signal
    },
  })
  lab.write('inventory.yaml', inventoryOf(lab.fabric))
  const before = new Map(lab.fabric.devices.map((one) => [one.name, renderConfig(one.switch.running)]))
  return {
    lab,
    before,
    plan: async () => {
      const { code, out, err } = await lab.eosflow('plan', 'workflow.yaml', '--json')
      if (code !== 0) throw new Error(out + err)
      return (JSON.parse(out) as { plan: Plan }).plan
    },
  }
}

/** The switches whose running-config holds the change, and whether each switch is either whole way and saved. */
function changedIn({ lab, before }: Fleet): readonly string[] {
  return lab.fabric.devices.flatMap((one) => {
    expect(isSaved(one), one.name).toBe(true)
    if (whereIs(one) === 'AFTER') return [one.name]
    expect(renderConfig(one.switch.running), one.name).toBe(before.get(one.name))
    return []
  })
}

/** Sets a fault when a switch is about to be asked something for the first time. */
function strikes(device: string, at: RegExp, fault: DeviceFault): Pick<LabOptions, 'before'> {
  let isStruck = false
  return {
    before: (lab, name, commands) => {
      if (isStruck || name !== device || !commands.some((command) => at.test(command))) return
      isStruck = true
      lab.fabric.fault(fault)
    },
  }
}

/** The switches of a row of the recap. */
const rowsOf = ({ out }: Ended, end: string): readonly string[] =>
  out.split('\n').flatMap((line) => new RegExp(`^(\\S+)\\s+\\S ${end}\\b`).exec(line)?.[1] ?? [])

const without = (names: readonly string[], others: readonly string[]): readonly string[] =>
  names.filter((name) => !others.includes(name))

/** The first three of the waves, twelve each: no tag says who is a pair. */
const FIRST = [...SPINES, ...leaves(1, 3, 5, 7, 9, 11, 13, 15)]
const SECOND = leaves(2, 4, 6, 8, 10, 12, 14, 16, 17, 19, 21, 23)
const THIRD = leaves(18, 20, 22, 24, 25, 27, 29, 31, 33, 35, 37, 39)

function leaves(...numbers: readonly number[]): readonly string[] {
  return numbers.map((n) => `leaf${n}`)
}

/** Switches lose a host with their commit, so that their verification fails. */
function losesHost(...devices: readonly string[]): Pick<LabOptions, 'before'> {
  const faults = devices.map((device) => strikes(device, TIMED, { kind: 'link-down', device, port: 'Ethernet1' }))
  return {
    before: async (...request) => {
      for (const { before } of faults) await before?.(...request)
    },
  }
}

/** How a rollout ended: its exit code, who holds the change by its own configuration, and what the recap says of each. */
async function endOf(fleet: Fleet) {
  const ended = await fleet.lab.change()
  await fleet.lab.clock.advance(1_800_000)
  fleet.lab.fabric.clearFaults()
  for (const one of fleet.lab.fabric.devices) one.switch.settle()
  const changed = changedIn(fleet)
  const lines = ended.out.trimEnd().split('\n')
  return {
    code: ended.code,
    changed,
    said: { changed: rowsOf(ended, 'changed'), reverted: rowsOf(ended, 'reverted'), unknown: rowsOf(ended, 'unknown') },
    summary: lines.find((line) => line.startsWith('Execution '))?.replace(/^Execution \S+: /, ''),
    text: ended.out + ended.err,
  }
}

describe('sixty switches in waves', { timeout: 120_000 }, () => {
  test('no wave has both of a pair, by LLDP on the peer link alone', async () => {
    const { waves, together } = (await startFleet("waves: ['20%']").plan()).content
    expect(waves.slice(0, 3)).toEqual([FIRST, SECOND, THIRD])
    expect(waves.flat().toSorted()).toEqual(ALL.toSorted())
    expect(waves.every((wave) => wave.length <= 12)).toBe(true)
    expect(
      waves.flatMap((wave) => wave.filter((name) => LEAVES.includes(name) && wave.includes(peerOf(name)))),
    ).toEqual([])
    expect(together).toBeUndefined()
  })

  test('`keepApart: none` lets pairs share a wave: the plan names all of them, and its digest covers it', async () => {
    const plan = await startFleet("waves: ['100%'], keepApart: none").plan()
    expect(plan.content.waves).toEqual([ALL])
    expect(plan.content.together).toHaveLength(28)
    expect(plan.content.together?.[0]).toEqual(['leaf1', 'leaf2'])
    const warned = plan.evidence.warnings.filter(({ code }) => code === 'redundant-pair')
    expect(warned).toHaveLength(28)
    expect(warned[0]?.message).toBe(
      'wave 1 changes leaf1 and leaf2 together, which back each other up (they are MLAG peers)',
    )
  })

  test('atomic: change, a verification fails in the third wave: all are back, exit 6', async () => {
    const end = await endOf(startFleet("waves: ['20%'], atomic: change", losesHost('leaf29')))
    expect(end.code, end.text.slice(-600)).toBe(6)
    expect(end.changed).toEqual([])
    expect(end.said).toEqual({ changed: [], reverted: [...FIRST, ...SECOND, ...THIRD].toSorted(byPlace), unknown: [] })
    expect(end.summary).toBe('rolled back · 60 switches: 36 reverted, 24 untouched')
    expect(end.text).toContain('leaf29: not good within 20 s: interfaces-up: Ethernet1')
  })

  test('atomic: wave: the earlier waves stay, exit 6, and the recap names them', async () => {
    const end = await endOf(startFleet("waves: ['20%'], atomic: wave", losesHost('leaf29')))
    const kept = [...FIRST, ...SECOND].toSorted(byPlace)
    expect(end.code, end.text.slice(-600)).toBe(6)
    expect(end.changed).toEqual(kept)
    expect(end.said).toEqual({ changed: kept, reverted: THIRD.toSorted(byPlace), unknown: [] })
    expect(end.text).toContain(`✔ 24 switches confirmed before keep the change: ${kept.join(' ')}\n`)
    expect(end.summary).toBe(
      'rolled back, 24 confirmed before keep the change · 60 switches: 24 changed, 12 reverted, 24 untouched',
    )
  })

  test('atomic: device: what was confirmed stays, in the same wave too', async () => {
    const end = await endOf(startFleet("waves: ['20%'], atomic: device", losesHost('leaf29')))
    const kept = without([...FIRST, ...SECOND, ...THIRD], ['leaf29']).toSorted(byPlace)
    expect(end.code, end.text.slice(-600)).toBe(6)
    expect(end.changed).toEqual(kept)
    expect(end.said).toEqual({ changed: kept, reverted: ['leaf29'], unknown: [] })
  })

  test.each<[string, readonly string[]]>([
    ["waves: ['20%'], atomic: change, maxFailures: 1", ['leaf29']],
    ["waves: ['20%'], atomic: wave, maxFailures: 1", ['leaf29']],
    ["waves: ['20%'], atomic: device, maxFailures: '5%'", ['leaf29', 'leaf2', 'leaf50']],
  ])('%s: so many may fail, exit 8', async (rollout, bad) => {
    const end = await endOf(startFleet(rollout, losesHost(...bad)))
    expect(end.code, end.text.slice(-600)).toBe(8)
    expect(end.changed).toEqual(without(ALL, bad))
    expect(end.said.reverted).toEqual(bad.toSorted(byPlace))
    expect(end.summary).toContain('succeeded with failures that the workflow tolerates')
  })

  test('the tolerated failures are those of the whole rollout: one in each of two waves is one too many', async () => {
    const end = await endOf(startFleet("waves: ['20%'], atomic: wave, maxFailures: 1", losesHost('leaf2', 'leaf29')))
    expect(end.code, end.text.slice(-600)).toBe(6)
    expect(end.changed).toEqual(without([...FIRST, ...SECOND], ['leaf2']).toSorted(byPlace))
    expect(end.said.reverted).toEqual([...THIRD, 'leaf2'].toSorted(byPlace))
  })

  test('a canary goes before all others, and its failure is not tolerated', async () => {
    const rollout = "waves: ['20%'], atomic: wave, maxFailures: 3, canary: { switches: leaf29, soak: 40s }"
    const end = await endOf(startFleet(rollout, losesHost('leaf29')))
    expect(end.code, end.text.slice(-600)).toBe(6)
    expect(end.changed).toEqual([])
    expect(end.said.reverted).toEqual(['leaf29'])
    expect(end.summary).toBe('rolled back · 60 switches: 1 reverted, 59 untouched')
    expect(end.text).toContain('Canary: leaf29, must stay good for 40s before the rest begins')
    expect(end.text).toContain('Up to 3 switches of 60 may fail: each is put back, the others go on')
  })

  test('a canary is watched for as long as the workflow says before the rest begins', async () => {
    const armed = new Map<string, number>()
    const fleet = startFleet("waves: ['100%'], atomic: device, canary: { switches: 1, soak: 2m }", {
      before: (lab, name, commands) => {
        if (commands.some((command) => TIMED.test(command))) armed.set(name, lab.clock.now() / 1000)
      },
    })
    const end = await endOf(fleet)
    expect(end.code, end.text.slice(-600)).toBe(0)
    const first = armed.get('spine1') ?? Number.NaN
    const rest = [...armed].filter(([name]) => name !== 'spine1').map(([, at]) => at - first)
    expect(rest).toHaveLength(59)
    expect(Math.min(...rest)).toBeGreaterThanOrEqual(120)
    expect(Math.min(...rest)).toBeLessThan(130)
  })

  test('a confirm that is refused half-way: the confirmed ones are restored from their checkpoints, exit 6', async () => {
    const fault: DeviceFault = { kind: 'refuse-commit', device: 'leaf30', message: 'Cannot commit session' }
    const end = await endOf(startFleet("waves: ['20%'], atomic: change", strikes('leaf30', CONFIRM, fault)))
    expect(end.code, end.text.slice(-600)).toBe(6)
    expect(end.changed).toEqual([])
    expect(end.said.reverted).toEqual(ALL)
    expect(end.text).toMatch(/spine1: checkpoint restored/)
  })

  test('a switch that is gone half-way through the confirm, and stays away: the others are restored, exit 7', async () => {
    const fault: DeviceFault = { kind: 'unreachable', device: 'leaf30' }
    const end = await endOf(startFleet("waves: ['20%'], atomic: change", strikes('leaf30', CONFIRM, fault)))
    expect(end.code, end.text.slice(-600)).toBe(7)
    // Nobody could read it, and its timer has put it back all the same.
    expect(end.changed).toEqual([])
    expect(end.said).toEqual({ changed: [], reverted: without(ALL, ['leaf30']), unknown: ['leaf30'] })
    expect(end.text).toMatch(/Log in to leaf30 and compare/)
  })

  test('a confirm that fails in one wave puts back that wave alone', async () => {
    const fault: DeviceFault = { kind: 'refuse-commit', device: 'leaf29', message: 'Cannot commit session' }
    const end = await endOf(startFleet("waves: ['20%'], atomic: wave", strikes('leaf29', CONFIRM, fault)))
    expect(end.code, end.text.slice(-600)).toBe(6)
    expect(end.changed).toEqual([...FIRST, ...SECOND].toSorted(byPlace))
    expect(end.said.reverted).toEqual(THIRD.toSorted(byPlace))
  })
})

/** How often each switch was committed under a timer. */
const commitsOf = ({ lab }: Fleet): ReadonlyMap<string, number> =>
  new Map(lab.fabric.devices.map((one) => [one.name, one.counters().commits.timed]))

function byPlace(a: string, b: string): number {
  return ALL.indexOf(a) - ALL.indexOf(b)
}

describe.each(['change', 'wave', 'device'])(
  'stopped and taken up in the middle, atomic: %s',
  { timeout: 120_000 },
  (atomic) => {
    const rollout = `waves: ['20%'], atomic: ${atomic}`

    test('stopped by a person in the third wave, then redriven: nothing is done twice', async () => {
      let stop = new AbortController()
      const fleet = startFleet(rollout, {
        stops: () => {
          stop = new AbortController()
          return stop.signal
        },
        before: (_lab, name, commands) => {
          if (name === 'leaf29' && !isOver && commands.some((command) => TIMED.test(command))) stop.abort()
        },
      })
      let isOver = false
      const stopped = await fleet.lab.change()
      expect(stopped.code, stopped.out + stopped.err).toBe(11)
      const kept = changedIn(fleet)
      expect(kept.slice(0, atomic === 'change' ? 0 : 24)).toEqual(
        atomic === 'change' ? [] : [...FIRST, ...SECOND].toSorted(byPlace),
      )
      expect(kept).not.toContain('leaf29')
      const commits = commitsOf(fleet)
      isOver = true
      const again = await fleet.lab.eosflow('redrive', '@latest')
      expect(again.code, (again.out + again.err).slice(-600)).toBe(0)
      expect(changedIn(fleet)).toEqual(ALL)
      for (const [name, timed] of commitsOf(fleet)) {
        expect(timed - (commits.get(name) ?? 0), name).toBe(kept.includes(name) ? 0 : 1)
      }
    })

    test('the journal breaks in the third wave; resumed, every switch is asked and the rest is done', async () => {
      let [isBroken, isMended] = [false, false]
      const fleet = startFleet(rollout, {
        seams: (seams) => ({
          ...seams,
          journal: (journal) => ({
            read: (execution) => journal.read(execution),
            append: (execution, events, after) => {
              isBroken ||= events.some(
                (one) => one.type === 'ActFinished' && one.device === 'leaf29' && one.act === 'arm',
              )
              if (isBroken && !isMended) return Promise.reject(new EosflowError('store', 'the disk is full'))
              return journal.append(execution, events, after)
            },
          }),
        }),
      })
      const broken = await fleet.lab.change()
      expect(broken.code, (broken.out + broken.err).slice(-600)).toBe(7)
      const open = /Not settled: (.*?)\./.exec(broken.err)?.[1]?.split(', ').toSorted(byPlace)
      if (atomic === 'wave') expect(open).toEqual(THIRD.toSorted(byPlace))
      else expect(open).toContain('leaf29')
      expect(whereIs(fleet.lab.fabric.device('leaf29'))).toBe('AFTER')
      const commits = commitsOf(fleet)
      isMended = true
      const again = await fleet.lab.eosflow('resume', '@latest')
      expect(again.code, (again.out + again.err).slice(-600)).toBe(0)
      expect(changedIn(fleet)).toEqual(ALL)
      const twice = [...commitsOf(fleet)].filter(([name, timed]) => timed > 1 && commits.get(name) === 1)
      expect(twice).toEqual([])
    })
  },
)
