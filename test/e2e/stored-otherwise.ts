import { parseConfig } from '../../src/config/parse.ts'
import { commandsIn, differences } from '../config/commands-in.ts'

/** The three texts of one replacement. */
export interface Replacement {
  /** What the switch ran before. */
  readonly before: string
  readonly candidate: string
  /** What `show running-config` prints afterwards. */
  readonly after: string
}

/** How what a switch stores differs from its candidate: how often in each way, and the rows that no way explains. */
export interface StoredOtherwise {
  readonly kinds: Readonly<Record<string, number>>
  readonly unexplained: readonly string[]
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

const only = (holds: boolean): readonly string[] | undefined => (holds ? [] : undefined)

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
export function storedOtherwise({ before, candidate, after }: Replacement): StoredOtherwise {
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

function vlansIn(list: string): number[] {
  return list
    .split(',')
    .flatMap((part) => {
      const [from = 0, to = from] = part.split('-').map(Number)
      return Array.from({ length: to - from + 1 }, (_, index) => from + index)
    })
    .toSorted((a, b) => a - b)
}
