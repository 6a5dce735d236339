import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { inMemoryEapi } from '../../../src/eos/sim/eapi/in-memory.ts'
import { SimulatedFabric } from '../../../src/eos/sim/fabric/simulated-fabric.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { isJsonObject, type Json } from '../../../src/model/json.ts'
import { recordings } from '../../recordings.ts'
import { type Lab, labFabric, type RecordedSwitch, readLabs, snapshotsPresent } from './lab-fabric.ts'
import { allCounted, expectCount, expectSame, read } from './recorded.ts'

/** What derived-fields.json says of one command: the paths that follow from the configuration, and from the topology. */
interface FieldClasses {
  readonly config: readonly string[]
  readonly topology: readonly string[]
}

/** Leaves by a name that both sides give alike. */
type Leaves = ReadonlyMap<string, Json>

/** Arrays that are compared as sets: an element is a leaf of its own. */
const SETS = new Set(['vias', 'interfaces', 'interfacesV4', 'interfacesV6', 'remoteVtepAddr'])

/** The leaves of an answer that lie on a path: `*` is any one step; peers go by their address, elements of sets by value. */
function leavesAt(answer: Json, path: string): Leaves {
  const found = new Map<string, Json>()
  walk(answer, path.replace(/ \(.*$/, '').split('.'), [], found)
  return found
}

function walk(here: Json, steps: readonly string[], at: readonly string[], found: Map<string, Json>) {
  const [step, ...rest] = steps
  if (step === undefined) {
    found.set(at.join('.'), typeof here === 'object' && here !== null ? 'present' : here)
    return
  }
  if (Array.isArray(here)) {
    for (const [name, child] of elements(here, at.at(-1) ?? '', rest)) walk(child, rest, [...at, name], found)
    return
  }
  if (typeof here !== 'object' || here === null) return
  for (const [key, child] of Object.entries(here)) {
    if (step === '*' || step === key) walk(child, rest, [...at, key], found)
  }
}

/** The elements of an array with the names they go by. */
function elements(array: readonly Json[], name: string, rest: readonly string[]): readonly (readonly [string, Json])[] {
  if (SETS.has(name)) return array.flatMap((element) => setElement(element, rest))
  if (name === 'peerList') return array.map((peer) => [peerAddress(peer), peer])
  return array.map((element, index) => [String(index), element])
}

function setElement(element: Json, rest: readonly string[]): readonly (readonly [string, Json])[] {
  const [key] = rest
  const value = key === undefined ? element : (element as Record<string, Json>)[key]
  return value === undefined ? [] : [[String(value), element]]
}

function peerAddress(peer: Json) {
  return String((peer as Record<string, Json>).peerAddress)
}

/** How one path compares: equal of all, and what differs. */
interface Compared {
  readonly equal: number
  readonly total: number
  readonly different: readonly string[]
}

/** Compares the union of two sets of leaves, but those that are skipped. */
function compareLeaves(recorded: Leaves, simulated: Leaves, skipped: (leaf: string) => boolean): Compared {
  const names = [...new Set([...recorded.keys(), ...simulated.keys()])].filter((name) => !skipped(name))
  const show = (value: Json | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value))
  const different = names.flatMap((name) => {
    const [theirs, ours] = [show(recorded.get(name)), show(simulated.get(name))]
    return theirs === ours ? [] : [`${name}: ${theirs}, here ${ours}`]
  })
  return { equal: names.length - different.length, total: names.length, different }
}

const FIELDS = recordings('eos-corpus/derived-fields.json')
const present = snapshotsPresent && existsSync(FIELDS)
const labs = present ? readLabs() : []
const fields: Readonly<Record<string, FieldClasses>> = present ? JSON.parse(readFileSync(FIELDS, 'utf8')).commands : {}

/** Labs whose text is of 4.18, or has routes from the OSPF router that nobody recorded. */
const WITHOUT_TEXT = ['eos_bgp_weight_behavior_ribd', 'eos_ospf_bgp']
/** np02 has a better route from the OSPF router that nobody recorded. */
const FROM_OUTSIDE = ['np02 10.203.0.0/16']

/** Labs in which every neighbor of every session was recorded, and no protocol but BGP runs. */
const WHOLE = [
  'eos_evpn_l3_design_guide_vlan_based',
  'eos_rm_undefined_continue',
  'eos_ibgp_local_preference',
  'eos_ceos_ebgp',
]

/** Other recorded commands, of which the parts are compared that the switches of a lab decide together. */
const TABLES = ['show ip bgp vrf all', 'show bgp evpn', 'show ip ospf neighbor', 'show isis neighbors'] as const

const COMMANDS = ['show interfaces', 'show vrf', 'show ip bgp neighbors vrf all', 'show ip route vrf all'] as const

/** How many leaves of each command are compared, and equal, in the labs that were counted: it may grow, not fall. */
const LEAVES: Readonly<Record<(typeof COMMANDS)[number], number>> = {
  'show interfaces': 5108,
  'show vrf': 389,
  'show ip bgp neighbors vrf all': 1182,
  'show ip route vrf all': 1543,
}

/** What one switch of a lab answers in JSON, by command: the result, or the texts of its refusal. */
interface Answered {
  readonly lab: string
  readonly recorded: RecordedSwitch
  readonly answers: ReadonlyMap<string, Json>
}

async function answersOf(lab: Lab): Promise<readonly Answered[]> {
  const fabric = new SimulatedFabric(labFabric(lab), { clock: new VirtualClock(), random: new SeededRandom(1) })
  return Promise.all(
    lab.switches.map(async (recorded) => {
      const eapi = inMemoryEapi(fabric.get(recorded.name).eapi)
      const answers = new Map<string, Json>()
      for (const command of [...COMMANDS, ...TABLES]) {
        const params = { version: 1, cmds: ['enable', command], format: 'json' }
        const { body } = await eapi(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params }))
        const { result, error } = JSON.parse(body)
        answers.set(command, result?.[1] ?? error.data.at(-1))
      }
      return { lab: lab.name, recorded, answers }
    }),
  )
}

function recordedAnswer({ recorded }: Answered, command: string): Json {
  return (recorded.show[`${command} | json`] as Json | undefined) ?? null
}

/** Leaves that the notes of derived-fields.json leave out. */
function skippedIn(command: string, path: string, { recorded }: Answered): (leaf: string) => boolean {
  const { config } = recorded
  const dynamicVlan = (name: string) => /^Vlan\d+$/.test(name) && !config.includes(`interface ${name}\n`)
  const routerId = /^ +router-id /m.test(config)
  const vnis = new Set([...config.matchAll(/vxlan vlan (\d+) vni/g)].map((match) => match[1]))
  return (leaf) => {
    const steps = leaf.split('.')
    if (steps.some(dynamicVlan)) return true
    if (path.includes('vlanToVniMap')) return !vnis.has(steps[3])
    if (path.endsWith('RouterId') && !routerId) return true
    if (command.startsWith('show ip bgp')) return !config.includes(`neighbor ${steps.slice(3, 7).join('.')} `)
    return leaf.startsWith('interfaces.Port-Channel') && (path.endsWith('mtu') || path.includes('memberInterfaces'))
  }
}

/** `show ip route` counts what is connected or static on either side. */
function countedRoutes(answered: Answered): (leaf: string) => boolean {
  const counted = new Set<string>()
  for (const answer of [recordedAnswer(answered, COMMANDS[3]), answered.answers.get(COMMANDS[3]) ?? null]) {
    for (const [leaf, type] of leavesAt(answer, 'vrfs.*.routes.*.routeType')) {
      if (type === 'connected' || type === 'static') counted.add(leaf.slice(0, -'.routeType'.length))
    }
  }
  return (leaf) => [...counted].some((route) => leaf === route || leaf.startsWith(`${route}.`))
}

function compared(answered: Answered, command: string, path: string): Compared {
  const skip = skippedIn(command, path, answered)
  const route = path.includes('.routes.') ? countedRoutes(answered) : undefined
  return compareLeaves(
    leavesAt(recordedAnswer(answered, command), path),
    leavesAt(answered.answers.get(command) ?? null, path),
    (leaf) => skip(leaf) || route?.(leaf) === false,
  )
}

function sum(all: readonly Compared[]): Compared {
  return {
    equal: all.reduce((count, one) => count + one.equal, 0),
    total: all.reduce((count, one) => count + one.total, 0),
    different: all.flatMap((one) => one.different),
  }
}

const rate = ({ equal, total }: Compared) => (total === 0 ? 1 : equal / total)
const figure = (label: string, one: Compared) =>
  `${label.padEnd(70)} ${one.equal}/${one.total} ${(rate(one) * 100).toFixed(1)} %`

const printed: string[] = []
afterAll(() => {
  if (printed.length > 0) process.stdout.write(`${printed.join('\n')}\n`)
})

describe.skipIf(!present)('recorded labs booted as fabrics (../shared/eos-corpus/device-snapshots)', async () => {
  const answered = (await Promise.all(labs.map(answersOf))).flat()
  const converted = (command: string) =>
    answered.filter((one) => {
      const answer = recordedAnswer(one, command)
      return isJsonObject(answer) && !('errors' in answer)
    })

  test('all labs and switches are there', () => {
    expect(labs).toHaveLength(read.labs)
    expect(answered).toHaveLength(read.switches)
    expect(answered.length).toBeGreaterThanOrEqual(35)
    expectCount(answered.length, 'switches')
  })

  test.each(COMMANDS)(
    '%s: what follows from the configuration is as recorded; 98 percent of it in labs that nobody counted',
    (command) => {
      const paths = fields[command]?.config ?? []
      expect(paths.length).toBeGreaterThan(3)
      const byPath = paths.map((path) => ({
        path,
        ...sum(converted(command).map((one) => prefixed(one, compared(one, command, path)))),
      }))
      const whole = sum(byPath)
      printed.push(figure(`${command} (config)`, whole), ...byPath.map((one) => figure(`  ${one.path}`, one)))
      expect(rate(whole), whole.different.slice(0, 20).join('\n')).toBeGreaterThanOrEqual(allCounted ? 1 : 0.98)
      if (allCounted) expect(whole.equal).toBeGreaterThanOrEqual(LEAVES[command])
      for (const one of byPath.filter(({ total }) => total >= 50)) {
        expect(rate(one), `${one.path}\n${one.different.slice(0, 20).join('\n')}`).toBeGreaterThanOrEqual(0.95)
      }
    },
  )

  test.each(COMMANDS)('%s: what a version cannot convert is refused in its words', (command) => {
    const refused = answered.filter((one) => {
      const answer = recordedAnswer(one, command)
      return isJsonObject(answer) && 'errors' in answer
    })
    if (allCounted) expect(refused).toHaveLength(command === 'show vrf' || command.startsWith('show ip bgp') ? 2 : 0)
    for (const one of refused) expect(one.answers.get(command)).toEqual(recordedAnswer(one, command))
  })
})

interface RecordedPeer {
  readonly peerAddress: string
  readonly state: string
  readonly prefixesReceived?: number
}

interface RecordedVia {
  readonly interface?: string
  readonly nexthopAddr?: string
  readonly vtepAddr?: string
}

interface RecordedTable {
  readonly routes: Readonly<Record<string, { readonly routeType: string; readonly vias: readonly RecordedVia[] }>>
}

function vrfsOf<T>(answer: Json | undefined): Readonly<Record<string, T>> {
  return isJsonObject(answer) && isJsonObject(answer.vrfs) ? (answer.vrfs as unknown as Record<string, T>) : {}
}

/** The addresses that the switches of a lab own. */
function addressesOf(lab: string): ReadonlySet<string> {
  const texts = labs.find(({ name }) => name === lab)?.switches.map(({ config }) => config) ?? []
  return new Set(texts.flatMap((text) => [...text.matchAll(/ip address ([\d.]+)\//g)].map((match) => match[1] ?? '')))
}

describe.skipIf(!present)('what the switches of a lab bring each other to', async () => {
  const answered = (await Promise.all(labs.map(answersOf))).flat()

  test('every session whose two ends are in the lab is in the recorded state', () => {
    const outcome = answered.flatMap((one) => {
      const owned = addressesOf(one.lab)
      const mine = vrfsOf<{ peerList: readonly RecordedPeer[] }>(one.answers.get(COMMANDS[2]))
      const recorded = vrfsOf<{ peerList: readonly RecordedPeer[] }>(recordedAnswer(one, COMMANDS[2]))
      return Object.entries(recorded).flatMap(([vrf, { peerList }]) =>
        peerList
          .filter(({ peerAddress }) => owned.has(peerAddress))
          .map(({ peerAddress, state }) => {
            const here = mine[vrf]?.peerList.find((peer) => peer.peerAddress === peerAddress)?.state
            return here === state ? 'same' : `${one.recorded.name} ${vrf} ${peerAddress}: ${state}, here ${here}`
          }),
      )
    })
    printed.push(`BGP sessions with both ends in their lab: ${outcome.length}`)
    expectSame(outcome)
    expectCount(outcome.length, 'sessions')
  })

  test('BGP routes of the default VRF that originate in the lab have the recorded next hops', () => {
    const [inside, elsewhere] = [routesOf('default'), routesOf('others')]
    printed.push(`BGP routes from within the lab, default VRF: ${inside.length}`)
    printed.push(
      `BGP routes from within the lab, other VRFs: ${elsewhere.filter((line) => line === 'same').length}/${elsewhere.length}`,
    )
    expectSame(inside)
    expectSame(elsewhere)
    expectCount(inside.length, 'routes')
  })

  function routesOf(which: 'default' | 'others') {
    return answered.flatMap((one) => {
      const origins = originsOf(one.lab)
      const mine = vrfsOf<RecordedTable>(one.answers.get(COMMANDS[3]))
      return Object.entries(vrfsOf<RecordedTable>(recordedAnswer(one, COMMANDS[3])))
        .filter(([vrf]) => (vrf === 'default') === (which === 'default'))
        .flatMap(([vrf, { routes }]) =>
          compareRoutes(`${one.recorded.name} ${vrf}`, routes, mine[vrf]?.routes, origins),
        )
    })
  }

  test('of labs in which every neighbor was recorded: prefixes received, links and flood lists', () => {
    const whole = answered.filter(({ lab }) => WHOLE.includes(lab))
    const compare = (command: string, path: string) =>
      sum(whole.map((one) => prefixed(one, compared(one, command, path))))
    const found = [
      compare(COMMANDS[2], 'vrfs.*.peerList.*.prefixesReceived'),
      compare(COMMANDS[0], 'interfaces.*.interfaceStatus'),
      compare(COMMANDS[0], 'interfaces.*.lineProtocolStatus'),
      compare(COMMANDS[0], 'interfaces.*.vlanToVtepList.*.remoteVtepAddr.*'),
    ]
    expect(found.flatMap(({ different }) => different)).toEqual([])
    expect(found.map(({ equal }) => equal)).toEqual([72, 331, 331, 126])
  })

  /** The prefixes that a switch of a lab has without BGP, or aggregates. */
  function originsOf(lab: string): ReadonlySet<string> {
    const own = ['connected', 'static', 'bgpAggregate']
    const tables = answered
      .filter((one) => one.lab === lab)
      .flatMap((one) => Object.values(vrfsOf<RecordedTable>(recordedAnswer(one, COMMANDS[3]))))
    return new Set(
      tables.flatMap(({ routes }) =>
        Object.entries(routes).flatMap(([prefix, { routeType }]) => (own.includes(routeType) ? [prefix] : [])),
      ),
    )
  }
})

interface RecordedPath {
  readonly nextHop?: string
  readonly asPathEntry: { readonly asPath: string }
  readonly routeType: { readonly active: boolean; readonly ecmp: boolean }
}

/** The next hops of the paths in use, and the AS path of the best one: among equals the oldest is `active`. */
function inUse(paths: readonly RecordedPath[] | undefined) {
  const used = paths?.filter(({ routeType: { active, ecmp } }) => active || ecmp) ?? []
  const hops = [...new Set(used.map(({ nextHop = '' }) => nextHop))].sort()
  return `${hops} ${used[0]?.asPathEntry.asPath.split(' ').length}`
}

const plain = (text: string) => text.replaceAll(/[ \t]+$/gm, '').trim()

/** The recorded text of a command and that of the simulator, of every switch where the two can be the same. */
async function recordedTexts(
  command: string,
): Promise<readonly { readonly name: string; readonly theirs: string; readonly ours: string }[]> {
  const all = labs
    .filter(({ name }) => !WITHOUT_TEXT.includes(name))
    .flatMap((lab) => {
      const fabric = new SimulatedFabric(labFabric(lab), { clock: new VirtualClock(), random: new SeededRandom(1) })
      return lab.switches.map((recorded) => ({ recorded, eapi: inMemoryEapi(fabric.get(recorded.name).eapi) }))
    })
    .filter(({ recorded: { config } }) => !command.startsWith('show ip bgp') || config.includes('router-id'))
  const params = { version: 1, cmds: ['enable', command], format: 'text' }
  const request = JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params })
  return Promise.all(
    all.flatMap(({ recorded: { name, show }, eapi }) => {
      const theirs = show[command]
      if (typeof theirs !== 'string') return []
      return [eapi(request).then(({ body }) => ({ name, theirs, ours: String(JSON.parse(body).result[1].output) }))]
    }),
  )
}

describe.skipIf(!present)('the BGP tables of the labs', async () => {
  const answered = (await Promise.all(labs.map(answersOf))).flat()

  test('EVPN: the same routes with the same next hops on every switch', () => {
    const outcome = answered.flatMap((one) => {
      const routes = (answer: Json) =>
        (isJsonObject(answer) ? (answer.evpnRoutes ?? {}) : {}) as unknown as Record<
          string,
          { readonly evpnRoutePaths: readonly RecordedPath[] }
        >
      const [theirs, ours] = [routes(recordedAnswer(one, TABLES[1])), routes(one.answers.get(TABLES[1]) ?? null)]
      return [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].map((key) => {
        const [was, is] = [inUse(theirs[key]?.evpnRoutePaths), inUse(ours[key]?.evpnRoutePaths)]
        return was === is ? 'same' : `${one.recorded.name} ${key}: ${was}, here ${is}`
      })
    })
    printed.push(`EVPN routes: ${outcome.length}`)
    expectSame(outcome)
    expectCount(outcome.length, 'evpn')
  })

  test('a switch that cannot show EVPN says so in the recorded words', () => {
    const refused = answered.flatMap((one) => {
      const recorded = recordedAnswer(one, TABLES[1])
      return isJsonObject(recorded) && 'errors' in recorded ? [[recorded, one.answers.get(TABLES[1])] as const] : []
    })
    if (allCounted) expect(refused.length).toBeGreaterThan(5)
    for (const [recorded, mine] of refused) expect(mine).toEqual(recorded)
  })

  test('IPv4: prefixes that originate in the lab have the same paths in use, default VRF', () => {
    const outcome = answered.flatMap((one) => {
      type Entries = {
        readonly bgpRouteEntries: Readonly<Record<string, { readonly bgpRoutePaths: readonly RecordedPath[] }>>
      }
      const recorded = vrfsOf<Entries>(recordedAnswer(one, TABLES[0])).default?.bgpRouteEntries ?? {}
      const mine = vrfsOf<Entries>(one.answers.get(TABLES[0])).default?.bgpRouteEntries ?? {}
      const inside = Object.keys(mine).filter((prefix) => !FROM_OUTSIDE.includes(`${one.recorded.name} ${prefix}`))
      return inside.map((prefix) => {
        const [was, is] = [inUse(recorded[prefix]?.bgpRoutePaths), inUse(mine[prefix]?.bgpRoutePaths)]
        return was === is ? 'same' : `${one.recorded.name} ${prefix}: ${was}, here ${is}`
      })
    })
    printed.push(
      `IPv4 prefixes in BGP, default VRF: ${outcome.filter((line) => line === 'same').length}/${outcome.length}`,
    )
    expectSame(outcome)
    if (allCounted) expect(outcome.length).toBeGreaterThanOrEqual(520)
  })

  test.each([
    ['show ip route vrf all', 8],
    ['show vrf', 8],
    ['show ip bgp vrf all', 4],
  ])('%s: the recorded text, blanks aside', async (command, count) => {
    const texts = await recordedTexts(command)
    expectSame(texts.map(({ name, theirs, ours }) => (plain(theirs) === plain(ours) ? 'same' : name)))
    if (allCounted) expect(texts).toHaveLength(count)
  })

  test('OSPF and IS-IS: the recorded neighbours, but for the router that nobody recorded', () => {
    const ospf = answered.map((one) => {
      const owned = addressesOf(one.lab)
      const theirs = ospfNeighbors(recordedAnswer(one, TABLES[2])).filter(({ address }) => owned.has(address))
      const [was, is] = [theirs, ospfNeighbors(one.answers.get(TABLES[2]) ?? null)].map((all) => JSON.stringify(all))
      return was === is ? 'same' : `${one.recorded.name}: ${was}, here ${is}`
    })
    expectSame(ospf)
    if (allCounted) {
      const shapes = new Set(answered.map((one) => JSON.stringify(one.answers.get(TABLES[2]))))
      expect(shapes).toEqual(
        new Set(['{"vrfs":{}}', '{"vrfs":{"default":{"instList":{"10":{"ospfNeighborEntries":[]}}}}}']),
      )
    }
    const isis = answered.filter(
      (one) => JSON.stringify(recordedAnswer(one, TABLES[3])) !== JSON.stringify(one.answers.get(TABLES[3])),
    )
    expect(isis.map(({ recorded }) => recorded.name)).toEqual([])
  })
})

interface RecordedInstances {
  readonly instList: Readonly<
    Record<
      string,
      {
        readonly ospfNeighborEntries: readonly {
          readonly interfaceName: string
          readonly interfaceAddress: string
          readonly routerId: string
          readonly adjacencyState: string
        }[]
      }
    >
  >
}

/** The neighbours of an answer to `show ip ospf neighbor`, and the address of each. */
function ospfNeighbors(answer: Json) {
  return Object.entries(vrfsOf<RecordedInstances>(answer)).flatMap(([vrf, { instList }]) =>
    Object.entries(instList).flatMap(([instance, { ospfNeighborEntries: entries }]) =>
      entries
        .map(({ interfaceName, interfaceAddress: address, routerId, adjacencyState }) => ({
          address,
          is: `${vrf} ${instance} ${interfaceName} ${routerId} ${adjacencyState}`,
        }))
        .sort((a, b) => (a.is < b.is ? -1 : 1)),
    ),
  )
}

/** Both tables' BGP routes that originate in the lab. */
function compareRoutes(
  where: string,
  recorded: RecordedTable['routes'],
  mine: RecordedTable['routes'] = {},
  origins: ReadonlySet<string>,
) {
  const isBgp = (prefix: string) => [recorded, mine].some((table) => /^[ei]BGP$/.test(table[prefix]?.routeType ?? ''))
  const prefixes = [...new Set([...Object.keys(recorded), ...Object.keys(mine)])]
  return prefixes
    .filter((prefix) => origins.has(prefix) && isBgp(prefix))
    .map((prefix) => {
      const [theirs, ours] = [hopsOf(recorded[prefix]), hopsOf(mine[prefix])]
      return theirs === ours ? 'same' : `${where} ${prefix}: ${theirs}, here ${ours}`
    })
}

function hopsOf(route: RecordedTable['routes'][string] | undefined) {
  const hops = route?.vias.map((via) => via.nexthopAddr || via.vtepAddr || via.interface) ?? []
  return [route?.routeType, ...hops.sort()].join(' ')
}

function prefixed({ recorded }: Answered, one: Compared): Compared {
  return { ...one, different: one.different.map((line) => `${recorded.name} ${line}`) }
}
