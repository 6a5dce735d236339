import { EosflowError } from '../../model/error.ts'
import { meaningOf } from '../config/rules/rules.ts'
import type { ConfigTree } from '../config/text/tree.ts'
import {
  filledPattern,
  type Invariant,
  type LinePattern,
  matchLine,
  type PathPattern,
  type Values,
} from './pattern/invariant.ts'

export interface WrittenLine {
  readonly line: string
  readonly children: readonly WrittenLine[]
}

type Members = ReadonlyMap<string, string>

/** `router bgp` as it works: what a peer group sets is a line of each of its members, here and in the address families, unless the member sets it itself (docs/invariants.md#peer-groups). */
export function withInherited(bgp: WrittenLine): WrittenLine {
  const isVrf = ({ line }: WrittenLine) => line.startsWith('vrf ')
  const set = settingsOf(bgp.children)
  const own = expanded(bgp.children, membersIn(bgp.children), set)
  return {
    line: bgp.line,
    children: own.map((child) =>
      isVrf(child) ? { line: child.line, children: expanded(child.children, membersIn(child.children), set) } : child,
    ),
  }
}

function expanded(lines: readonly WrittenLine[], members: Members, set: Settings) {
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

function inherited(lines: readonly WrittenLine[], members: Members, set: Settings): readonly WrittenLine[] {
  const own = new Set(lines.map(({ line }) => meaningOf('bgp', line.replace(/^no /, '')).key))
  return [...members].flatMap(([name, group]) =>
    (set.get(group) ?? []).flatMap((rest) => {
      const line = `neighbor ${name} ${rest}`
      return own.has(meaningOf('bgp', line).key) ? [] : [{ line, children: [] }]
    }),
  )
}

export interface Breach {
  readonly invariant: string
  readonly block: readonly string[]
  /** What is wrong with it: `lacks`, `has` or `loses`, and a line in the same form; of several that it lacks one would do. */
  readonly verb: 'lacks' | 'has' | 'loses'
  readonly lines: readonly (readonly string[])[]
  readonly because: string
}

export interface Judgement {
  readonly broken: readonly Breach[]
  readonly already: readonly Breach[]
}

const MOST_COMPARED = 50_000_000
// So much is found at once: more would not fit into memory.
const MOST_FOUND = 100_000

/** Judges a configuration before and after a change. Throws `guard` where patterns that multiply need too many comparisons. */
export function judgeInvariants(
  invariants: readonly Invariant[],
  before: Pick<ConfigTree, 'children'>,
  after: Pick<ConfigTree, 'children'>,
): Judgement {
  if (invariants.length === 0) return { broken: [], already: [] }
  const [was, is] = [new Judge(before), new Judge(after)]
  const found = { broken: [] as Breach[], already: [] as Breach[] }
  for (const invariant of invariants) {
    const instances = is.instances(invariant)
    const now = is.breaches(invariant, instances)
    // What is not broken now needs no look at before, but for lines that are kept.
    const known = invariant.keep.length === 0 && now.size === 0 ? [] : was.instances(invariant)
    const then = now.size === 0 ? new Map<string, Breach>() : was.breaches(invariant, known)
    for (const [id, breach] of now) found[then.has(id) ? 'already' : 'broken'].push(breach)
    found.broken.push(...lost(invariant, was, is, known, new Map(instances.map((one) => [idOf(one), one]))))
  }
  return found
}

/** What of a configuration breaks invariants, whatever it was before. Throws as {@link judgeInvariants}. */
export function breachesOf(invariants: readonly Invariant[], config: Pick<ConfigTree, 'children'>): readonly Breach[] {
  const judge = new Judge(config)
  return invariants.flatMap((one) => [...judge.breaches(one, judge.instances(one)).values()])
}

interface Instance {
  readonly path: readonly JudgedLine[]
  readonly values: Values
}

type Found = Instance

const linesOf = (path: readonly JudgedLine[]) => path.map(({ line }) => line)

function idOf({ path, values }: Instance) {
  return JSON.stringify([linesOf(path), ...[...values].toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

class Judge {
  readonly #root: JudgedBlock
  #left = MOST_COMPARED

  constructor(config: Pick<ConfigTree, 'children'>) {
    this.#root = judgedConfig(config)
  }

  instances({ name, each, where, unless }: Invariant) {
    const found = new Map<string, Instance>()
    for (const block of each) {
      for (const { path, values } of this.#find(name, this.#root, block.lines, { path: [], values: new Map() })) {
        let ways: readonly Instance[] = [{ path, values }]
        for (const pattern of where) {
          ways = this.#joined(name, pattern, ways)
        }
        for (const way of ways) {
          if (!unless.some((all) => all.every((pattern) => this.has(name, pattern, way)))) found.set(idOf(way), way)
        }
      }
    }
    return [...found.values()]
  }

  #joined(invariant: string, pattern: PathPattern, ways: readonly Instance[]) {
    const joined: Instance[] = []
    for (const { path, values } of ways) {
      for (const line of this.all(invariant, pattern, { path, values })) joined.push({ path, values: line.values })
      if (joined.length > MOST_FOUND) throw tooMuch(invariant)
    }
    return joined
  }

  breaches(
    { name: invariant, must, mustNot, because }: Invariant,
    instances: readonly Instance[],
  ): ReadonlyMap<string, Breach> {
    const found = new Map<string, Breach>()
    for (const instance of instances) {
      const block = linesOf(instance.path)
      const id = idOf(instance)
      for (const [index, patterns] of must.entries()) {
        if (patterns.some((pattern) => this.has(invariant, pattern, instance))) continue
        const lines = patterns.map((pattern) => filledPattern(pattern, instance.values))
        found.set(`${id} must ${index}`, { invariant, block, verb: 'lacks', lines, because })
      }
      for (const pattern of mustNot) {
        for (const { path } of this.all(invariant, pattern, instance)) {
          const line = linesOf(path)
          found.set(`${id} mustNot ${JSON.stringify(line)}`, { invariant, block, verb: 'has', lines: [line], because })
        }
      }
      if (found.size > MOST_FOUND) throw tooMuch(invariant)
    }
    return found
  }

  has(invariant: string, pattern: PathPattern, of: Instance) {
    return this.all(invariant, pattern, of).length > 0
  }

  all(invariant: string, { lines, isFromRoot }: PathPattern, { path, values }: Instance) {
    const block = isFromRoot ? this.#root : (path.at(-1)?.below ?? this.#root)
    return this.#find(invariant, block, lines, { path: [], values })
  }

  #find(invariant: string, block: JudgedBlock, [first, ...rest]: readonly LinePattern[], { path, values }: Found) {
    if (first === undefined) return [{ path, values }]
    const [word] = first.words
    const lines = word?.kind === 'word' ? block.beginning(word.text) : block.lines
    this.#left -= lines.length
    if (this.#left < 0) throw tooMuch(invariant)
    const found: Found[] = []
    for (const line of lines) {
      for (const known of matchLine(first, line.words, values)) {
        found.push(...this.#find(invariant, line.below, rest, { path: [...path, line], values: known }))
      }
      if (found.length > MOST_FOUND) throw tooMuch(invariant)
    }
    return found
  }
}

function lost(
  { name: invariant, keep, because }: Invariant,
  was: Judge,
  is: Judge,
  before: readonly Instance[],
  after: ReadonlyMap<string, Instance>,
): readonly Breach[] {
  return before.flatMap((instance) => {
    const still = after.get(idOf(instance))
    if (still === undefined) return []
    return keep.flatMap((pattern) => {
      const gone = was
        .all(invariant, pattern, instance)
        .filter(({ values }) => !is.has(invariant, pattern, { path: still.path, values }))
      const lines = new Map(gone.map(({ path }) => [JSON.stringify(linesOf(path)), linesOf(path)]))
      const block = linesOf(instance.path)
      return [...lines.values()].map((line): Breach => ({ invariant, block, verb: 'loses', lines: [line], because }))
    })
  })
}

function tooMuch(invariant: string) {
  const message = `the invariant \`${invariant}\` finds too much on one switch: its patterns multiply`
  return new EosflowError('guard', message, {
    hint: 'Begin its patterns with words rather than with `*`, and join fewer lists of lines under `where`.',
  })
}

interface JudgedLine {
  readonly line: string
  readonly words: readonly string[]
  readonly below: JudgedBlock
}

interface JudgedBlock {
  readonly lines: readonly JudgedLine[]
  beginning(word: string): readonly JudgedLine[]
}

function judgedConfig({ children }: Pick<ConfigTree, 'children'>): JudgedBlock {
  return blockOf(children.map((line) => (line.line.startsWith('router bgp ') ? withInherited(line) : line)))
}

function blockOf(written: readonly WrittenLine[]): JudgedBlock {
  const lines = written.filter(({ line }) => !line.startsWith('!')).map(lineOf)
  let byWord: Map<string, JudgedLine[]> | undefined
  return {
    lines,
    beginning: (word) => {
      byWord ??= byFirstWord(lines)
      return byWord.get(word) ?? []
    },
  }
}

function byFirstWord(lines: readonly JudgedLine[]) {
  const found = new Map<string, JudgedLine[]>()
  for (const line of lines) {
    const [first = ''] = line.words
    const known = found.get(first)
    if (known === undefined) found.set(first, [line])
    else known.push(line)
  }
  return found
}

function lineOf({ line, children }: WrittenLine): JudgedLine {
  let below: JudgedBlock | undefined
  return {
    line,
    words: line.split(/\s+/),
    get below() {
      below ??= blockOf(children)
      return below
    },
  }
}
