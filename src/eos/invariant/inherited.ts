import { meaningOf } from '../config/rules/rules.ts'

/** A command and what is below it. */
export interface WrittenLine {
  readonly line: string
  readonly children: readonly WrittenLine[]
}

/** The peer group of each neighbour of a block, by the name of the neighbour. */
type Members = ReadonlyMap<string, string>

/**
 * `router bgp` as it works: what a peer group sets is a line of each of its members, here and in the address families, unless the member sets it
 * itself (docs/invariants.md#peer-groups). Groups are set in the block itself, and have members in its VRFs too.
 */
export function withInherited(bgp: WrittenLine): WrittenLine {
  const isVrf = ({ line }: WrittenLine): boolean => line.startsWith('vrf ')
  const set = settingsOf(bgp.children)
  const own = expanded(bgp.children, membersIn(bgp.children), set)
  return {
    line: bgp.line,
    children: own.map((child) =>
      isVrf(child) ? { line: child.line, children: expanded(child.children, membersIn(child.children), set) } : child,
    ),
  }
}

/** A block with what its neighbours inherit; of an address family, where what groups set is written in the family itself. */
function expanded(lines: readonly WrittenLine[], members: Members, set: Settings): readonly WrittenLine[] {
  if (members.size === 0) return lines
  const inFamilies = lines.map((child) =>
    child.line.startsWith('address-family ')
      ? {
          line: child.line,
          children: [...child.children, ...inherited(child.children, members, settingsOf(child.children))],
        }
      : child,
  )
  return [...inFamilies, ...inherited(lines, members, set)]
}

/** What is set for a neighbour or a group, by its name: the words behind that. */
type Settings = ReadonlyMap<string, readonly string[]>

const NEIGHBOR = /^neighbor (?<name>\S+) (?<rest>.+)$/
const GROUP = /^peer(?:-group| group)(?: (?<group>\S+))?$/

function settingsOf(lines: readonly WrittenLine[]): Settings {
  const set = new Map<string, string[]>()
  for (const { line } of lines) {
    const { name, rest } = NEIGHBOR.exec(line)?.groups ?? {}
    if (name === undefined || rest === undefined || GROUP.test(rest)) continue
    const known = set.get(name)
    if (known === undefined) set.set(name, [rest])
    else known.push(rest)
  }
  return set
}

function membersIn(lines: readonly WrittenLine[]): Members {
  return new Map(
    lines.flatMap(({ line }) => {
      const { name, rest } = NEIGHBOR.exec(line)?.groups ?? {}
      const group = GROUP.exec(rest ?? '')?.groups?.group
      return name === undefined || group === undefined ? [] : [[name, group] as const]
    }),
  )
}

/** The lines of groups for each member that does not set the same, nor says `no` to it. */
function inherited(lines: readonly WrittenLine[], members: Members, set: Settings): readonly WrittenLine[] {
  const own = new Set(lines.map(({ line }) => meaningOf('bgp', line.replace(/^no /, '')).key))
  return [...members].flatMap(([name, group]) =>
    (set.get(group) ?? []).flatMap((rest) => {
      const line = `neighbor ${name} ${rest}`
      return own.has(meaningOf('bgp', line).key) ? [] : [{ line, children: [] }]
    }),
  )
}
