import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostAddress } from '../../../src/sim/facts.ts'
import type { RecordedSwitch } from '../lab-fabric.ts'
import type { PublishedLab, StandIn } from './published-lab.ts'

/** The pages of svstrug/Otus-DC-networks-design that have configurations and answers of EOS. */
const PAGES = ['lab05', 'lab06', 'lab07', 'lab08'] as const

/**
 * Four labs of svstrug/Otus-DC-networks-design, 5 to 7 vEOS switches of 4.29.2F each: a page has the configuration of each switch, and
 * what some of them answered. Where a page asks one thing twice, the second answer is of another state and is left out.
 */
export function readCourseLabs(clone: string): readonly PublishedLab[] {
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
function mended(page: string, text: string): string {
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
