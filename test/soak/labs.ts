import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inMemoryEapi } from '../../src/sim/eapi/in-memory.ts'
import { SimulatedFabric } from '../../src/sim/fabric/simulated-fabric.ts'
import type { HostAddress } from '../../src/sim/facts.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import type { RecordedSwitch } from '../sim/lab-fabric.ts'
import {
  AVD_LAB_CLASSES,
  COURSE_CLASSES,
  compareRows,
  type LabClass,
  type PublishedLab,
  publishedFabric,
  readAvdLab,
  readAvdSwitches,
  readSuzieq,
  type StandIn,
  SUZIEQ_CLASSES,
} from '../sim/published.ts'

/** The pages of svstrug/Otus-DC-networks-design that have configurations and answers of EOS. */
const PAGES = ['lab05', 'lab06', 'lab07', 'lab08'] as const

/**
 * Four labs of svstrug/Otus-DC-networks-design, 5 to 7 vEOS switches of 4.29.2F each: a page has the configuration of each switch, and
 * what some of them answered. Where a page asks one thing twice, the second answer is of another state and is left out.
 */
function readCourseLabs(clone: string): readonly PublishedLab[] {
  return PAGES.map((page) => {
    const written = readFileSync(join(clone, 'labs', page, 'Readme.md'), 'utf8').replaceAll('<br>', '')
    const text = mended(page, written)
    const answers = answersOf(text)
    const names = [...new Set([...text.matchAll(/^! device: (\S+)/gm)].map(([, name = '']) => name))]
    const addresses = addressesOf(text)
    const switches = names.map((name) => switchOf(name, answers.get(name) ?? {}, text))
    return {
      name: page,
      switches,
      around: [...switches.flatMap((one) => clientsOf(one, addresses)), ...(page === 'lab07' ? BONDED : [])],
    }
  })
}

/** Two ports that a page has lost: their switch has heard a client on each. */
const LOST_PORTS = [3, 4].map((at) => `interface Ethernet${at}\n   switchport access vlan 10\n!\n`).join('')

/** What pages have lost is put back, and an answer that starts in its middle is left out. */
function mended(page: string, text: string) {
  if (page === 'lab05') {
    const [before = '', after = ''] = text.split('! device: Leaf-3 ')
    return `${before}! device: Leaf-3 ${after.replace('interface Loopback1\n', `${LOST_PORTS}interface Loopback1\n`)}`
  }
  if (page !== 'lab06') return text
  const start = text.indexOf('Leaf-2#show bgp evpn\n')
  return text.slice(0, start) + text.slice(text.indexOf('```', start))
}

const BOND = [
  'interface Port-Channel1\n!\n',
  ...[1, 2].map((at) => `interface Ethernet${at}\n   channel-group 1 mode active\n!\n`),
]

/** The two clients of lab07 that are bonded to two switches each. */
const BONDED: readonly StandIn[] = [3, 4].map((port) => ({
  name: `bonded-${port}`,
  config: BOND.join(''),
  cables: [
    ['Ethernet1', 'Leaf-1', `Ethernet${port}`],
    ['Ethernet2', 'Leaf-2', `Ethernet${port}`],
  ],
}))

const PROMPT = /^ ?([\w-]+)# ?(sh(?:ow)? .*?)\s*$/

/** What was answered behind each prompt, by switch and by command. */
function answersOf(text: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const all = new Map<string, Record<string, string>>()
  let lines: string[] | undefined
  for (const line of text.split('\n')) {
    const [, name, typed = ''] = PROMPT.exec(line) ?? []
    if (name !== undefined) {
      lines = []
      const answers = all.get(name) ?? {}
      const command = typed.replace(/^sh /, 'show ').replace(/ run(ning-config)?$/, ' running-config')
      const collected = lines
      if (!Object.hasOwn(answers, command))
        Object.defineProperty(answers, command, { enumerable: true, get: () => collected.join('\n') })
      all.set(name, answers)
    } else if (/^ ?(```|<\/?details>|####)/.test(line)) lines = undefined
    else lines?.push(line.trimEnd())
  }
  return all
}

/** The MAC address of a switch is in the routes that others have over it; its neighbours are in its descriptions. */
function switchOf(name: string, show: Readonly<Record<string, string>>, text: string): RecordedSwitch {
  const { 'show running-config': config = '', ...rest } = show
  const loopbacks = [...config.matchAll(/^ {3}ip address (\S+)\/32$/gm)].map(([, address = '']) => address)
  const mac = loopbacks
    .map((address) => new RegExp(`via VTEP ${address} VNI \\d+ router-mac (\\S+)`).exec(text)?.[1])
    .find((found) => found !== undefined)
  return {
    name,
    config: /^end$/m.test(config) ? config : `${config.trimEnd()}\n!\nend\n`,
    show: {
      ...rest,
      'show version | json': { systemMacAddress: mac },
      'show lldp neighbors detail | json': { lldpNeighbors: neighborsOf(config) },
    },
  }
}

const NEIGHBOR = /^interface (Ethernet\d+)\n {3}description (\S+) \| Eth(\d+)$/gm

function neighborsOf(config: string) {
  return Object.fromEntries(
    [...config.matchAll(NEIGHBOR)].map(([, port = '', systemName, there]) => [
      port,
      { lldpNeighborInfo: [{ systemName, neighborInterfaceInfo: { interfaceId: `Ethernet${there}` } }] },
    ]),
  )
}

/** IPv4 addresses by MAC address, as EVPN has them. */
function addressesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/mac-ip ([\da-f.]{14}) ([\d.]+)$/gm)].map(([, mac = '', address = '']) => [mac, address]),
  )
}

/** The virtual computers on the access ports of a switch, by what its table of MAC addresses has. */
function clientsOf({ name, show }: RecordedSwitch, addresses: ReadonlyMap<string, string>): readonly StandIn[] {
  const table = String(show['show mac address-table'] ?? '')
  return [...table.matchAll(/^ *\d+ +([\da-f.]{14}) +DYNAMIC +Et(\d+) /gm)].map(([, written = '', port]) => {
    const mac = written.replaceAll('.', '').replaceAll(/(..)(?=.)/g, '$1:')
    const address = addresses.get(written)
    return {
      name: `client-${mac}`,
      config: 'interface Ethernet1\n   no switchport\n!\n',
      cables: [['Ethernet1', name, `Ethernet${port}`]],
      sends: [{ mac, ...(address === undefined ? {} : { address }) }] satisfies readonly HostAddress[],
    }
  })
}

const LAB = 'inventories/inetsix-lab'

/** The 18 cEOS switches of 4.27.2F of titom73/ansible-arista-network-lab-automation, with the three servers that they have heard. */
function readCeosLab(clone: string): PublishedLab {
  const switches = readAvdSwitches(join(clone, LAB, 'snapshots'), join(clone, LAB, 'config_backup'), 'avd-')
  return { name: 'ceos-lab', switches, around: SERVERS }
}

const bundled = (at: number) => `interface Ethernet${at}\n   channel-group 1 mode active\n!\n`

/** The servers are cEOS themselves, and nobody recorded them: their cables are of LLDP, what they send of the tables of MAC addresses. */
const SERVERS: readonly StandIn[] = [
  {
    name: 'srv-pod01',
    config: 'interface Ethernet1\n   no switchport\n!\n',
    cables: [['Ethernet1', 'avd-agg01', 'Ethernet3']],
  },
  {
    name: 'srv-pod02',
    config: 'interface Ethernet1\n   no switchport\n!\n',
    cables: [['Ethernet1', 'avd-agg02', 'Ethernet3']],
    sends: [{ mac: '00:1c:73:39:f7:ae', vlan: 112, address: '10.1.12.2' }] satisfies readonly HostAddress[],
  },
  {
    name: 'srv-pod03',
    config: ['interface Port-Channel1\n!\n', ...[1, 2].map(bundled)].join(''),
    cables: [
      ['Ethernet1', 'avd-leaf3a', 'Ethernet5'],
      ['Ethernet2', 'avd-leaf4a', 'Ethernet5'],
    ],
    sends: [{ mac: '00:1c:73:a4:f9:2c', vlan: 110, address: '10.1.10.3' }] satisfies readonly HostAddress[],
  },
]

/** Recorded labs that somebody has published together. */
interface Publication {
  readonly name: string
  readonly repository: string
  /** The commit that a clone has to have in its work tree. */
  readonly commit: string
  readonly read: (clone: string) => readonly PublishedLab[]
  readonly classes: readonly LabClass[]
}

const AUTOMATION = 'titom73/ansible-arista-network-lab-automation'

/** The recorded labs beside which the simulator is put. Rules were made from the first two; the others were found later. */
const PUBLICATIONS: readonly Publication[] = [
  {
    name: 'suzieq',
    repository: 'netenglabs/suzieq',
    commit: '584b22ab',
    read: (clone) => [readSuzieq(clone)],
    classes: SUZIEQ_CLASSES,
  },
  {
    name: 'avd-lab',
    repository: AUTOMATION,
    commit: 'e69ea872',
    read: (clone) => [readAvdLab(clone)],
    classes: AVD_LAB_CLASSES,
  },
  {
    name: 'ceos-lab',
    repository: AUTOMATION,
    commit: 'dbb50763',
    read: (clone) => [readCeosLab(clone)],
    classes: AVD_LAB_CLASSES,
  },
  {
    name: 'course',
    repository: 'svstrug/Otus-DC-networks-design',
    commit: '9f380b7c',
    read: readCourseLabs,
    classes: COURSE_CLASSES,
  },
]

const NAMES = PUBLICATIONS.map(({ name, repository, commit }) => `${name} ${repository}@${commit}`).join(', ')

export const usage = `labs LAB=CLONE... [CLASS]: recorded labs of clones beside the simulator, class by class (${NAMES})`

/** As much of each class has to be as it was recorded. */
const LEAST = 0.98

/**
 * Boots published labs, asks each switch what it was asked when it was recorded, and prints for each class of commands how many rows
 * are as recorded. CLONE is a clone of the repository of LAB, with that commit in its work tree. With CLASS it prints every row of that
 * command that differs. 1 where a class has less than 98 %.
 */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [shown, ...others] = args.filter((arg) => !arg.includes('='))
  const asked = args.flatMap((arg) => publicationOf(arg) ?? [])
  if (asked.length === 0 || others.length > 0 || asked.length + (shown === undefined ? 0 : 1) < args.length)
    return undefined
  const rates: number[] = []
  for (const { publication, clone } of asked) rates.push(...(await judge(publication, clone, shown)))
  return rates.every((rate) => rate >= LEAST) ? 0 : 1
}

function publicationOf(arg: string): { readonly publication: Publication; readonly clone: string } | undefined {
  const [name, clone = ''] = arg.split('=')
  const publication = PUBLICATIONS.find((one) => one.name === name)
  return publication === undefined || !existsSync(clone) ? undefined : { publication, clone }
}

async function judge({ name, read, classes }: Publication, clone: string, shown?: string): Promise<readonly number[]> {
  const booted = read(clone).map((lab) => {
    const fabric = new SimulatedFabric(publishedFabric(lab), { clock: new VirtualClock(), random: new SeededRandom(1) })
    return { lab, fabric }
  })
  const rates: number[] = []
  for (const one of classes) {
    const sum = { equal: 0, total: 0, switches: 0, different: [] as string[] }
    for (const { lab, fabric } of booted) await judgeClass(lab, one, fabric, sum)
    const rate = sum.total === 0 ? 0 : sum.equal / sum.total
    rates.push(rate)
    const figure = `${sum.equal}/${sum.total} rows ${(rate * 100).toFixed(1)} %`
    process.stdout.write(`${name.padEnd(8)} ${one.command.padEnd(32)} ${sum.switches} switches  ${figure}\n`)
    if (one.command === shown) process.stdout.write(`${sum.different.join('\n')}\n`)
  }
  return rates
}

interface Sum {
  equal: number
  total: number
  switches: number
  readonly different: string[]
}

async function judgeClass(lab: PublishedLab, one: LabClass, fabric: SimulatedFabric, sum: Sum) {
  for (const asked of lab.switches) {
    const commands = commandsOf(one, asked)
    for (const { command, recorded } of commands) {
      const format = isText(recorded) ? 'text' : 'json'
      const params = { version: 1, cmds: ['enable', command], format }
      const request = JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params })
      const { body } = await inMemoryEapi(fabric.get(asked.name).eapi)(request)
      const { result, error } = JSON.parse(body)
      const compared = compareRows(one.rows(recorded, asked), one.rows(result?.[1] ?? error.data.at(-1), asked))
      sum.equal += compared.equal
      sum.total += compared.total
      sum.different.push(...compared.different.map((row) => `${lab.name} ${asked.name} ${row}`))
    }
    if (commands.length > 0) sum.switches += 1
  }
}

interface Asked {
  readonly command: string
  readonly recorded: unknown
}

function commandsOf({ command, recordedAs = command, every }: LabClass, { show }: RecordedSwitch): readonly Asked[] {
  if (every !== undefined) {
    return Object.entries(show).flatMap(([typed, recorded]) =>
      every.test(typed) ? [{ command: typed, recorded }] : [],
    )
  }
  const recorded = show[recordedAs] ?? show[`${recordedAs} | json`]
  return recorded === undefined ? [] : [{ command, recorded }]
}

/** A command without a model answers with a text also where JSON was asked for. */
const isText = (answer: unknown) =>
  typeof answer === 'string' || (typeof answer === 'object' && answer !== null && 'output' in answer)
