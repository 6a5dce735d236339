import { afterAll, describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/eos/config/text/parse.ts'
import { withVlanSets } from '../../src/eos/config/vlan-sets.ts'
import { changeableEos, plannedChange, type ReplacePair, replacePairs, shared } from '../eos/config/replace-pairs.ts'
import { commandsIn, differences, ownPairs } from '../eos/config/texts.ts'
import { everyNth, everyNthOfLong, extent, extentOfLong } from '../extent.ts'
import {
  CONFIRMED_ONCE,
  exits,
  NO_COMMIT,
  openLab,
  PUT_BACK_ONCE,
  planIn,
  runningConfig,
  type SocketLab,
} from '../lab/lab.ts'

/** The three texts of one replacement. */
interface Replacement {
  /** What the switch ran before. */
  readonly before: string
  readonly candidate: string
  /** What `show running-config` prints afterwards. */
  readonly after: string
}

/** The commands of the texts as rows `block > command`. */
interface Rows {
  readonly before: ReadonlySet<string>
  readonly candidate: ReadonlySet<string>
  readonly after: ReadonlySet<string>
}

/** One way in which a switch stores other commands than were entered (docs/eos.md 4). */
interface Kind {
  readonly name: string
  /** The rows that go with a difference of this kind, in the order of the difference; undefined if it is of another. */
  readonly explains: (row: string, rows: Rows) => readonly string[] | undefined
}

/** Commands that say a default. */
const DEFAULTS = new RegExp(
  `^-(?:interface \\S+ > (?:${[
    'switchport (?:mode access|access vlan 1|trunk allowed vlan 1-4094)',
    'mtu 1500',
    'lacp timer normal',
    'port-channel lacp fallback timeout 90',
  ].join(
    '|',
  )})|router bgp \\S+ > graceful-restart restart-time 300|router \\S+ \\S+ > is-type level-1-2|spanning-tree mst 0 priority 32768)$`,
)

const only = (holds: boolean) => (holds ? [] : undefined)

const kinds: readonly Kind[] = [
  { name: '`end`', explains: (row) => only(/^[-+]end$/.test(row)) },
  {
    name: '`no shutdown` and bare `switchport`, not printed',
    explains: (row, { after }) => {
      const [, block, line] = /^-(interface \S+) > (no shutdown|switchport)$/.exec(row) ?? []
      if (block === undefined) return undefined
      return only(after.has(block) && !after.has(`${block} > ${line === 'switchport' ? 'no switchport' : 'shutdown'}`))
    },
  },
  {
    name: 'a default that is not printed',
    explains: (row) => only(DEFAULTS.test(row)),
  },
  {
    name: '`comment` shown as `!!`',
    explains: (row) => {
      const [, block, body] = /^-(.*) > comment \[(\[.*\])\]$/.exec(row) ?? []
      if (body === undefined) return undefined
      const lines = (JSON.parse(body) as string[]).slice(0, -1)
      return lines.map((line) => `+${block} > !! ${line.trim()}`)
    },
  },
  {
    name: 'a port that stays as an empty block',
    explains: (row, { before, after }) => {
      const block = row.slice(1)
      if (!/^\+interface (?:Ethernet|Management)[\d/]+$/.test(row)) return undefined
      return only(before.has(block) && ![...after].some((other) => other.startsWith(`${block} > `)))
    },
  },
  {
    name: 'VLANs as ranges',
    explains: (row, { after }) => {
      const [, block, list] = /^-(.* > switchport trunk allowed vlan )(\S+)$/.exec(row) ?? []
      if (block === undefined || list === undefined) return undefined
      const stored = [...after].find((other) => other.startsWith(block))
      const same = stored !== undefined && vlansIn(stored.slice(block.length)).join() === vlansIn(list).join()
      return same ? [`+${stored}`] : undefined
    },
  },
  {
    name: 'a `no` that the switch stores',
    explains: (row, { before, candidate }) =>
      only(row === '+no ip routing' && before.has('ip routing') && !candidate.has('ip routing')),
  },
  {
    name: 'kept by `rollback clean-config`',
    explains: (row, { before, candidate }) =>
      only(
        /^\+spanning-tree mode \S+$/.test(row) &&
          before.has(row.slice(1)) &&
          ![...candidate].some((other) => other.startsWith('spanning-tree mode ')),
      ),
  },
  {
    name: 'an entry that the switch numbers',
    explains: (row, { after }) => {
      const [, list, entry] = /^-((?:ip|ipv6|mac) access-list .* > )((?:permit|deny|remark) .*)$/.exec(row) ?? []
      if (list === undefined || entry === undefined) return undefined
      const stored = [...after].find(
        (other) => other.startsWith(list) && /^\d+0 (.*)$/.exec(other.slice(list.length))?.[1] === entry,
      )
      return stored === undefined ? undefined : [`+${stored}`]
    },
  },
  {
    name: 'another form of the same',
    explains: (row, { after }) => {
      const area = /^-(.*\barea )(\d{1,2}|100)( .*)?$/.exec(row)
      const name = /^-(.* update-source )lo(\d+)$/.exec(row)
      const stored = area
        ? `${area[1]}0.0.0.${area[2]}${area[3] ?? ''}`
        : name
          ? `${name[1]}Loopback${name[2]}`
          : undefined
      return stored !== undefined && after.has(stored) ? [`+${stored}`] : undefined
    },
  },
  { name: '`exit`, no command', explains: (row) => only(/^-.* > exit$/.test(row)) },
  {
    name: 'a line that the switch adds',
    explains: (row, { candidate }) => {
      if (/^\+router ospf \d+( vrf \S+)? > max-lsa 12000$/.test(row)) return []
      if (row === '+interface Vxlan1 > vxlan udp-port 4789') return []
      const neighbor = /^\+(router bgp \S+ > (?:vrf \S+ > )?neighbor \S+ )maximum-routes 12000$/.exec(row)?.[1]
      return neighbor === undefined ? undefined : only([...candidate].some((other) => other.startsWith(neighbor)))
    },
  },
]

/** Compares what a switch stores with its candidate as commands per block, order aside, and names each difference. */
function storedOtherwise({ before, candidate, after }: Replacement) {
  const [was, wanted, is] = [before, candidate, after].map(parseConfig)
  if (was === undefined || wanted === undefined || is === undefined) throw new RangeError('three texts')
  const rows: Rows = {
    before: new Set(commandsIn(was)),
    candidate: new Set(commandsIn(wanted)),
    after: new Set(commandsIn(is)),
  }
  const left = differences(wanted, is)
  const counts: Record<string, number> = {}
  for (const row of [...left]) {
    if (!left.includes(row)) continue
    for (const { name, explains } of kinds) {
      const partners = explains(row, rows)
      if (partners === undefined || partners.some((partner) => !left.includes(partner))) continue
      for (const explained of [row, ...partners]) left.splice(left.indexOf(explained), 1)
      counts[name] = (counts[name] ?? 0) + 1
      break
    }
  }
  return { kinds: counts, unexplained: left }
}

function vlansIn(list: string) {
  return list
    .split(',')
    .flatMap((part) => {
      const [from = 0, to = from] = part.split('-').map(Number)
      return Array.from({ length: to - from + 1 }, (_, index) => from + index)
    })
    .toSorted((a, b) => a - b)
}

const workflow = (allow: string) => `name: replace
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
const missing = (text: string) => parts.filter((part) => !MANAGEMENT[part].test(text))
const managed = ({ running, candidate }: ReplacePair) => [running, candidate].flatMap(missing).length === 0

/** Whether two texts hold the same commands in each block: they differ in order, `!` and blank lines only. */
const sameCommands = ({ running, candidate }: ReplacePair) =>
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
/** Replaces an eighth of them in `npm run test:long`, and one of each kind in `npm test`. */
const here = (what: string, list: readonly ReplacePair[]) => everyNth({ test: 40, long: 8 }, what, list)
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
    const least = extent(1, extentOfLong(5, 37))
    expect(Math.min(keptHere.length, refusedHere.length)).toBeGreaterThanOrEqual(least)
  })

  test.each(keptHere)('$name', async (pair) => {
    await replaced(pair, await boot(pair, workflow('allow: [foreign-removals]')))
  })

  test.each(named(TAKE_LOGIN))(
    '$name: takes the own login away, which the first look behind the commit finds: the timer puts it back',
    { tags: 'night', timeout: 300_000 },
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
      expect(device.counters().commits).toEqual(PUT_BACK_ONCE)
    },
  )

  test.each(everyNthOfLong(2, 'replacements with a line that is refused', invalid))(
    '$name: its line $line is refused before anything is committed',
    async (pair) => {
      const { eosflow, fabric } = await boot(pair, workflow('allow: [management, foreign-removals]'))
      const planned = await eosflow('plan', 'replace.yaml')
      expect([planned.code, planned.err]).toEqual([10, expect.stringContaining(`'${pair.line}': Invalid input`)])
      expect(fabric.devices[0]?.counters().commits).toEqual(NO_COMMIT)
    },
  )

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

  test.each(everyNthOfLong(2, 'replacements of our own', ownPairs.filter(managed)))('$name', async (pair) => {
    await replaced(pair, await boot(pair, workflow('allow: [foreign-removals]')))
  })

  test.each(ownPairs.filter((pair) => !managed(pair)))(
    '$name: refused by the management guard, done where the workflow allows it',
    refusedThenAllowed,
  )
})

async function refusedThenAllowed(pair: ReplacePair) {
  const bench = await boot(pair, workflow('allow: [foreign-removals]'))
  const [device] = bench.fabric.devices
  const { err } = await bench.exits(10, 'run replace.yaml')
  const named = [...err.matchAll(/the candidate lacks its management (\w+):/g)].map(([, part]) => part)
  expect(named).toEqual(expect.arrayContaining(missing(pair.candidate)))
  expect(named).not.toEqual([])
  expect(device?.counters().commits).toEqual(NO_COMMIT)
  bench.write('replace.yaml', workflow('allow: [management, foreign-removals]'))
  await replaced(pair, bench)
}

/** A switch that runs the first text, as `sim start --config` starts it, and the second as its intended configuration. */
async function boot({ running, candidate }: ReplacePair, text: string) {
  const bench = await openLab({
    world: 'sockets',
    switches: { config: running, ...changeableEos(running) },
    files: { 'replace.yaml': text },
  })
  bench.write(`intended/${bench.fabric.devices[0]?.name}.cfg`, candidate)
  return bench
}

/** Plan, run, plan again: what the plan shows is what happens, and then there is nothing left to do. */
async function replaced(pair: ReplacePair, { eosflow, fabric }: SocketLab) {
  const [device] = fabric.devices
  if (device === undefined) throw new RangeError('a fabric without a switch')
  const before = runningConfig(device)
  const planned = await eosflow('plan', 'replace.yaml', '--json', '--detailed-exitcode')
  const plan = planIn(planned)
  const shown = plannedChange(plan)
  const changesNothing = sameCommands(pair) || pair.name === DEFAULTS_ONLY
  expect([planned.code, shown.length === 0], planned.err).toEqual(changesNothing ? [0, true] : [2, false])

  const run = await exits(0, eosflow('run', 'replace.yaml', '--approve', plan.digest))
  expect(run.out).toContain(shown.length === 0 ? ': nothing to do ·' : ': succeeded ·')
  const commits = shown.length === 0 ? NO_COMMIT : CONFIRMED_ONCE
  expect(device.counters().commits).toEqual(commits)

  const after = runningConfig(device)
  expect(hidden(shown)).toEqual(hidden(differences(...withVlanSets(parseConfig(before), parseConfig(after)))))
  const { kinds, unexplained } = storedOtherwise({ before, candidate: pair.candidate, after })
  expect(unexplained).toEqual([])
  for (const [kind, count] of Object.entries(kinds)) counted[kind] = (counted[kind] ?? 0) + count

  await exits(0, eosflow('plan', 'replace.yaml', '--detailed-exitcode'))
}

/** Rows in one order, and without what a plan does not show of them: secrets. */
function hidden(rows: readonly string[]) {
  return rows.map((row) => row.replace(/<redacted:\w+>/g, '<secret>').replace(SECRET, '$1<secret>')).toSorted()
}

const SECRET = /^(.*\b(?:password 7|secret sha512|key 7|md5 7) )\S+/
