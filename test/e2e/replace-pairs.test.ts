import { afterAll, describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config/parse.ts'
import { withVlanSets } from '../../src/config/vlan-sets.ts'
import { differences } from '../config/commands-in.ts'
import { ownPairs } from '../config/own-texts.ts'
import { type ReplacePair, replacePairs, shared } from '../config/replace-pairs.ts'
import { everyNth, extent } from '../extent.ts'
import { exits } from '../lab/exits.ts'
import { type Bench, planIn, runningConfig, startBench } from '../lab/sockets.ts'
import { changeableEos } from './old-eos.ts'
import { plannedChange } from './planned-change.ts'
import { storedOtherwise } from './stored-otherwise.ts'

const workflow = (allow: string): string => `name: replace
targets: '*'
change: { mode: replace, file: 'intended/{{ device.name }}.cfg' }
${allow}
steps:
  - snapshot
  - plan
  - approve
  - push: { confirmWithin: 2m }
  - verify: { within: 10s, stableFor: 0s, every: 1s, checks: [reachable] }
  - confirm
`

/** What a text needs so that eosflow can reach the switch again, and the word of the guard for what is missing. */
const MANAGEMENT = {
  eapi: /^management api http-commands$/m,
  users: /^username /m,
  interface: /^interface Management.*\n(?:[ !].*\n)*? +ip address /m,
} as const

const parts = Object.keys(MANAGEMENT) as (keyof typeof MANAGEMENT)[]
const missing = (text: string): string[] => parts.filter((part) => !MANAGEMENT[part].test(text))
const managed = ({ running, candidate }: ReplacePair): boolean => [running, candidate].flatMap(missing).length === 0

/** Whether two texts hold the same commands in each block: they differ in order, `!` and blank lines only. */
const sameCommands = ({ running, candidate }: ReplacePair): boolean =>
  differences(parseConfig(running), parseConfig(candidate)).length === 0

/** Adds `no shutdown` to interfaces and nothing else: no switch stores it. */
const DEFAULTS_ONLY = '052_1cbd559_DC1-LEAF1A'

/** These take away `admin`, whom the switches are changed by. */
const TAKE_LOGIN = ['061_fe086cf_DC1-BL2B', '085_fe086cf_MH-LEAF1A']

/** Each of these has a line that a switch does not take: a simulated one refuses it. */
const REFUSED_LINES = new Map([
  ['B36_247d9f3_DC1-LEAF2B', 'ipv6 virtual-router address 2001:db8:311::1/64'],
  ['B02_382535e_EVPN-MULTICAST-L3LEAF1A', 'vlan 4096'],
])

const pairs = shared === undefined ? [] : replacePairs()
const kept = pairs.filter(managed)
const named = (names: readonly string[]) => kept.filter(({ name }) => names.includes(name))
const invalid = pairs.flatMap((pair) => {
  const line = REFUSED_LINES.get(pair.name)
  return line === undefined ? [] : [{ ...pair, line }]
})
const valid = pairs.filter(({ name }) => !REFUSED_LINES.has(name))
const others = valid.filter((pair) => managed(pair) && !TAKE_LOGIN.includes(pair.name))
const refused = valid.filter((pair) => !managed(pair))
/** What is replaced here: a sixth of it in `npm run test:long`, a thirtieth in `npm test`. */
const here = (what: string, list: readonly ReplacePair[]) => everyNth(30, what, list)
const [keptHere, refusedHere] = [here('replacements', others), here('refused replacements', refused)]
const counted: Record<string, number> = {}

describe.skipIf(shared === undefined)('replacing a recorded configuration by the next (absent: ../shared)', () => {
  test('41 pairs keep their management path, 10 of them differ in layout only; 38 do not keep it', () => {
    const layoutOnly = kept.filter(sameCommands)
    expect(pairs).toHaveLength(79)
    expect([kept.length, layoutOnly.length, pairs.length - kept.length]).toEqual([41, 10, 38])
    expect([others.length, named(TAKE_LOGIN).length, refused.length, invalid.length]).toEqual([38, 2, 37, 2])
  })

  test('so many of them are done', () => {
    expect(keptHere.length).toBeGreaterThanOrEqual(extent(1, 12))
    expect(refusedHere.length).toBeGreaterThanOrEqual(extent(1, 12))
  })

  test.each(keptHere)('$name', async (pair) => {
    await replaced(pair, await boot(pair, workflow('allow: [foreign-removals]')))
  })

  test.each(named(TAKE_LOGIN))(
    '$name: takes the own login away, which the first look behind the commit finds: the timer puts it back',
    { tags: 'long', timeout: 300_000 },
    async (pair) => {
      const { eosflow, fabric } = await boot(
        pair,
        workflow('allow: [foreign-removals]').replace('confirmWithin: 2m', 'confirmWithin: 1m'),
      )
      const [device] = fabric.devices
      if (device === undefined) throw new RangeError('a fabric without a switch')
      const before = runningConfig(device)
      const { digest } = planIn(await eosflow('plan', 'replace.yaml', '--json', '--detailed-exitcode'))
      const run = await eosflow('run', 'replace.yaml', '--approve', digest)
      expect([run.code, runningConfig(device)], run.err + run.out).toEqual([6, before])
      expect(device.counters().commits).toEqual({ plain: 0, timed: 1, confirms: 0 })
    },
  )

  test.each(invalid)('$name: its line $line is refused before anything is committed', async (pair) => {
    const { eosflow, fabric } = await boot(pair, workflow('allow: [management, foreign-removals]'))
    const planned = await eosflow('plan', 'replace.yaml')
    expect([planned.code, planned.err]).toEqual([10, expect.stringContaining(`'${pair.line}': Invalid input`)])
    expect(fabric.devices[0]?.counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
  })

  test.each(refusedHere)(
    '$name: refused by the management guard, done where the workflow allows it',
    refusedThenAllowed,
  )

  afterAll(() => {
    const rows = Object.entries(counted).toSorted(([, a], [, b]) => b - a)
    const said = rows.map(([kind, count]) => `${String(count).padStart(6)}  ${kind}\n`).join('')
    process.stdout.write(
      `${keptHere.length} replacements, ${keptHere.filter(sameCommands).length} of them in layout only; ${refusedHere.length} refused, ` +
        `then allowed; stored otherwise than the candidate has it:\n${said}`,
    )
  })
})

describe('replacing a configuration of our own by the next', () => {
  test('two of three keep their management path', () => {
    expect(ownPairs.filter(managed).map(({ name }) => name)).toEqual(['edge-change', 'leaf-order'])
    expect(ownPairs).toHaveLength(3)
  })

  test.each(ownPairs.filter(managed))('$name', async (pair) => {
    await replaced(pair, await boot(pair, workflow('allow: [foreign-removals]')))
  })

  test.each(ownPairs.filter((pair) => !managed(pair)))(
    '$name: refused by the management guard, done where the workflow allows it',
    refusedThenAllowed,
  )
})

async function refusedThenAllowed(pair: ReplacePair): Promise<void> {
  const bench = await boot(pair, workflow('allow: [foreign-removals]'))
  const [device] = bench.fabric.devices
  const { err } = await exits(10, bench.eosflow('run', 'replace.yaml'))
  const named = [...err.matchAll(/the candidate lacks its management (\w+):/g)].map(([, part]) => part)
  expect(named).toEqual(expect.arrayContaining(missing(pair.candidate)))
  expect(named).not.toEqual([])
  expect(device?.counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
  bench.write('replace.yaml', workflow('allow: [management, foreign-removals]'))
  await replaced(pair, bench)
}

/** A switch that runs the first text, as `sim start --config` starts it, and the second as its intended configuration. */
async function boot({ running, candidate }: ReplacePair, text: string): Promise<Bench> {
  const bench = await startBench({ config: running, ...changeableEos(running) }, { files: { 'replace.yaml': text } })
  bench.write(`intended/${bench.fabric.devices[0]?.name}.cfg`, candidate)
  return bench
}

/** Plan, run, plan again: what the plan shows is what happens, and then there is nothing left to do. */
async function replaced(pair: ReplacePair, { eosflow, fabric }: Bench): Promise<void> {
  const [device] = fabric.devices
  if (device === undefined) throw new RangeError('a fabric without a switch')
  const before = runningConfig(device)
  const planned = await eosflow('plan', 'replace.yaml', '--json', '--detailed-exitcode')
  const plan = planIn(planned)
  const shown = plannedChange(plan)
  const changesNothing = sameCommands(pair) || pair.name === DEFAULTS_ONLY
  expect([planned.code, shown.length === 0], planned.err).toEqual(changesNothing ? [0, true] : [2, false])

  const run = await eosflow('run', 'replace.yaml', '--approve', plan.digest)
  expect(run.code, run.err + run.out).toBe(0)
  expect(run.out).toContain(shown.length === 0 ? ': nothing to do ·' : ': succeeded ·')
  const commits = shown.length === 0 ? { plain: 0, timed: 0, confirms: 0 } : { plain: 0, timed: 1, confirms: 1 }
  expect(device.counters().commits).toEqual(commits)

  const after = runningConfig(device)
  expect(hidden(shown)).toEqual(hidden(differences(...withVlanSets(parseConfig(before), parseConfig(after)))))
  const { kinds, unexplained } = storedOtherwise({ before, candidate: pair.candidate, after })
  expect(unexplained).toEqual([])
  for (const [kind, count] of Object.entries(kinds)) counted[kind] = (counted[kind] ?? 0) + count

  const again = await eosflow('plan', 'replace.yaml', '--detailed-exitcode')
  expect(again.code, again.out + again.err).toBe(0)
}

/** Rows in one order, and without what a plan does not show of them: secrets. */
function hidden(rows: readonly string[]): string[] {
  return rows.map((row) => row.replace(/<redacted:\w+>/g, '<secret>').replace(SECRET, '$1<secret>')).toSorted()
}

const SECRET = /^(.*\b(?:password 7|secret sha512|key 7|md5 7) )\S+/
