import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostAddress } from '../../../src/sim/facts.ts'
import type { RecordedSwitch } from '../lab-fabric.ts'
import type { PublishedLab, StandIn } from './published-lab.ts'

const OUTPUTS = 'tests/integration/sqcmds/eos-input'

/** One answer of a device of netenglabs/suzieq. */
interface Answer {
  readonly devtype: string
  readonly hostname: string
  readonly cmd: string
  readonly data: unknown
}

/** The eight vEOS switches of 4.23.5M of netenglabs/suzieq, with its servers, its firewall and its router to the Internet. */
export function readSuzieq(clone: string): PublishedLab {
  const folder = join(clone, OUTPUTS)
  const answers = readdirSync(folder)
    .filter((file) => file.endsWith('.output'))
    .flatMap((file) => documents(readFileSync(join(folder, file), 'utf8')))
    .filter(({ devtype }) => devtype === 'eos')
  const names = [...new Set(answers.map(({ hostname }) => hostname))].sort()
  const switches = names.map((name) =>
    switchOf(
      name,
      answers.filter(({ hostname }) => hostname === name),
    ),
  )
  return { name: 'suzieq', switches, around: [...switches.flatMap((one) => serversOf(one, switches)), ...OUTSIDE] }
}

/** A file has several arrays, one behind the other. */
function documents(text: string): readonly Answer[] {
  return text.split(/(?<=^\])(?=\[$)/m).flatMap((one) => JSON.parse(one) as readonly Answer[])
}

/** The configuration has the address that DHCP gave instead of `dhcp`, because no configuration knows it. */
function switchOf(name: string, answers: readonly Answer[]): RecordedSwitch {
  const show = Object.fromEntries(answers.map(({ cmd, data }) => [`${cmd} | json`, data]))
  const { output } = show['show running-config sanitized | json'] as { readonly output: string }
  const { interfaces } = show['show interfaces | json'] as {
    readonly interfaces: Readonly<
      Record<
        string,
        {
          readonly interfaceAddress: readonly {
            readonly primaryIp: { readonly address: string; readonly maskLen: number }
          }[]
        }
      >
    >
  }
  const given = interfaces.Management1?.interfaceAddress[0]?.primaryIp
  return { name, config: output.replace('ip address dhcp', `ip address ${given?.address}/${given?.maskLen}`), show }
}

/** The servers behind the MLAG ports of a switch, by the MAC and ARP entries that it has of them; they are of the first of the pair. */
function serversOf(here: RecordedSwitch, switches: readonly RecordedSwitch[]): readonly StandIn[] {
  const { unicastTable } = here.show['show mac-address-table unicast | json'] as {
    readonly unicastTable: {
      readonly tableEntries: readonly {
        readonly macAddress: string
        readonly interface: string
        readonly entryType: string
      }[]
    }
  }
  const peer = switches.find((other) => other.name !== here.name && domainOf(other) === domainOf(here))
  if (peer === undefined || peer.name < here.name) return []
  return unicastTable.tableEntries
    .filter((entry) => entry.entryType === 'dynamic' && entry.interface.startsWith('Port-Channel'))
    .map(({ macAddress: mac, interface: channel }) => {
      const port = `Ethernet${channel.slice('Port-Channel'.length)}`
      const address = addressOf(here, mac)
      return {
        name: `server-${mac}`,
        config: ['interface Port-Channel1\n!\n', ...[1, 2].map(bundled)].join(''),
        cables: [
          ['Ethernet1', here.name, port],
          ['Ethernet2', peer.name, port],
        ],
        sends: [{ mac, ...(address === undefined ? {} : { address }) }] satisfies readonly HostAddress[],
      }
    })
}

const bundled = (at: number): string => `interface Ethernet${at}\n   channel-group 1 mode active\n!\n`

const domainOf = ({ config }: RecordedSwitch): string | undefined => /^ {3}domain-id (\S+)/m.exec(config)?.[1]

function addressOf(here: RecordedSwitch, mac: string): string | undefined {
  const { vrfs } = here.show['show arp vrf all | json'] as {
    readonly vrfs: Readonly<
      Record<string, { readonly ipV4Neighbors: readonly { readonly hwAddress: string; readonly address: string }[] }>
    >
  }
  const written = mac.replaceAll(':', '').replaceAll(/(.{4})(?=.)/g, '$1.')
  return Object.values(vrfs)
    .flatMap(({ ipV4Neighbors }) => ipV4Neighbors)
    .find(({ hwAddress }) => hwAddress === written)?.address
}

const subinterfaces = (port: string, third: number): string =>
  [2, 3, 4]
    .map(
      (tag) =>
        `interface ${port}.${tag}\n   encapsulation dot1q vlan ${tag}\n   ip address 169.254.${third}.${(tag - 2) * 4 + 2}/30\n!\n`,
    )
    .join('')

const neighbor = (address: string, asn: number, timers: string): string =>
  `   neighbor ${address} remote-as ${asn}\n   neighbor ${address} timers ${timers}\n`

/** The FRR firewall and the Junos router: their addresses, AS numbers and prefixes, as recorded. */
const OUTSIDE: readonly StandIn[] = [
  {
    name: 'firewall01',
    cables: [
      ['Ethernet1', 'exit01', 'Ethernet3'],
      ['Ethernet2', 'exit02', 'Ethernet3'],
    ],
    config: [
      'service routing protocols model multi-agent\n!\n',
      'interface Ethernet1\n   no switchport\n!\ninterface Ethernet2\n   no switchport\n!\n',
      subinterfaces('Ethernet1', 254),
      subinterfaces('Ethernet2', 253),
      'interface Loopback0\n   ip address 10.0.0.200/32\n!\nip routing\n!\n',
      'router bgp 65533\n   router-id 10.0.0.200\n   maximum-paths 2\n',
      ...[254, 253].flatMap((third) =>
        [0, 1, 2].map((at) => neighbor(`169.254.${third}.${at * 4 + 1}`, 65_520 + at, '3 9')),
      ),
      '   network 10.0.0.200/32\n',
    ].join(''),
  },
  {
    name: 'dcedge01',
    cables: [
      ['Ethernet1', 'exit01', 'Ethernet4'],
      ['Ethernet2', 'exit02', 'Ethernet4'],
    ],
    config: [
      'service routing protocols model multi-agent\n!\n',
      'interface Ethernet1\n   no switchport\n   ip address 169.254.127.0/31\n!\n',
      'interface Ethernet2\n   no switchport\n   ip address 169.254.127.2/31\n!\n',
      'interface Loopback0\n   ip address 10.0.0.41/32\n!\nip routing\n!\n',
      'ip route 0.0.0.0/0 Null0\nip route 10.255.2.0/24 Null0\nip route 169.254.0.0/24 Null0\n!\n',
      'router bgp 65534\n   router-id 10.0.0.41\n',
      ...['169.254.127.1', '169.254.127.3'].map((address) => neighbor(address, 65_522, '30 90')),
      '   redistribute connected\n   redistribute static\n',
    ].join(''),
  },
]
