import { isMeant, readLineGlob } from '../../text/source/line-glob.ts'
import { type ChangeLine, type ConfigChange, diffConfig, presentChanges } from './diff/diff.ts'
import { numberless } from './diff/order.ts'
import { linesOfChanges } from './lines-of-changes.ts'
import { ConfigEditor, type EditOutcome, type EditorOptions } from './rules/editor.ts'
import type { SectionOf } from './sections.ts'
import { isPhysical } from './text/interface-name.ts'
import { parseConfig } from './text/parse.ts'
import { type ConfigTree, childLines } from './text/tree.ts'
import { changesBetween, comparableText, eachVlan } from './vlan-sets.ts'

export interface MergeReport {
  readonly tree: ConfigTree
  readonly outcomes: readonly EditOutcome[]
  readonly unknown: readonly EditOutcome[]
  readonly refused: readonly EditOutcome[]
  /** Each `no` and `default` without effect whose words begin lines of several kinds. */
  readonly idle: readonly EditOutcome[]
}

/** The configuration after commands were entered (docs/eos.md 4.4 to 4.9). Commands that a switch would refuse have no effect; `mergeReport` names them. @param lines command lines: nested by indentation if any is indented below another, else by CLI mode */
export function mergeConfig(running: ConfigTree, lines: readonly string[], options?: EditorOptions): ConfigTree {
  return mergeReport(running, lines, options).tree
}

/** As {@link mergeConfig}, and says which commands are unknown and which had no effect. */
export function mergeReport(running: ConfigTree, lines: readonly string[], options?: EditorOptions): MergeReport {
  return enterReport(new ConfigEditor(running, options), lines)
}

function enterReport(editor: ConfigEditor, lines: readonly string[]): MergeReport {
  const outcomes = enterLines(editor, lines)
  return {
    tree: editor.tree(),
    outcomes,
    unknown: outcomes.filter(({ kind }) => kind === 'unknown'),
    refused: outcomes.filter(({ kind }) => kind === 'refused'),
    idle: outcomes.filter(({ begun }) => begun !== undefined),
  }
}

function enterLines(editor: ConfigEditor, lines: readonly string[]) {
  const { children } = parseConfig(`${lines.join('\n')}\n`)
  const nested = children.some((node) => node.children.length > 0)
  const outcomes = nested
    ? editor.merge(children)
    : children.map((node) => editor.type(node.line, node.body?.map((body) => body.join('\n')).join('\n')))
  editor.end()
  return outcomes
}

export function placeOf({ path, line }: Pick<ConfigChange, 'path' | 'line'>): string {
  return JSON.stringify([...path, line])
}

/** The places of a line: of a list of VLANs that of each, because how they share a command means nothing. */
export function placesOf(change: Pick<ConfigChange, 'path' | 'line'>): readonly string[] {
  return eachVlan(change).map(placeOf)
}

export function lineAt(place: string): readonly string[] {
  return JSON.parse(place) as readonly string[]
}

/** A line with the blocks that hold it, outermost first and ` > ` between them, without what `clean` takes out. */
export function wordsAt(place: readonly string[], clean: (text: string) => string): string {
  const text = place.map((line, depth) => `${'   '.repeat(depth)}${line}`).join('\n')
  return clean(text)
    .split('\n')
    .map((line) => line.trim())
    .join(' > ')
}

export function placesIn(text: string): ReadonlySet<string> {
  return new Set(
    diffConfig(parseConfig(''), parseConfig(comparableText(text)))
      .changes.filter(isCommand)
      .flatMap(placesOf),
  )
}

// `end` closes a text and is no command.
const isCommand = ({ path, line }: ConfigChange): boolean => path.length > 0 || line !== 'end'

export interface KeepRequest {
  readonly keep: readonly string[]
  readonly running: string
  readonly candidate: readonly string[]
  /** The version of EOS that it runs. */
  readonly eos: string
}

/** Which lines of a switch stay although its candidate does not have them. */
export interface KeptLines {
  readonly lines: readonly string[]
  readonly kept: readonly ConfigChange[]
  readonly contradicted: readonly ConfigChange[]
}

/** The same switch and the same candidate always give the same lines. */
export function keptLines({ keep, running, candidate, eos }: KeepRequest): KeptLines {
  const globs = keep.map(readLineGlob).filter((glob) => Array.isArray(glob))
  const before = parseConfig(comparableText(running))
  const after = replaceConfig(before, candidate, { version: eos })
  const lacking = changesBetween(before, after).filter(({ sign }) => sign === '-')
  const meant = new Set<string>()
  const texts = lacking.flatMap((change) => {
    const place = [...change.path, change.line]
    const isText = change.verbatim === true && meant.has(JSON.stringify(change.path))
    if (!isText && (change.verbatim === true || !globs.some((glob) => isMeant(glob, place)))) return []
    meant.add(JSON.stringify(place))
    return [{ ...change, sign: '+' as const }]
  })
  const { kept, contradicted } = agreeing(after, texts)
  if (kept.length === 0) return { lines: candidate, kept, contradicted }
  const text = candidate.filter((line) => line.trim() !== 'end')
  return { lines: [...text, ...linesOfChanges(kept)], kept, contradicted }
}

function agreeing(after: ConfigTree, lines: readonly ConfigChange[]): Pick<KeptLines, 'kept' | 'contradicted'> {
  if (lines.length === 0 || addsOnly(after, lines)) return { kept: lines, contradicted: [] }
  const kept: ConfigChange[] = []
  const contradicted: ConfigChange[] = []
  for (const one of blocksOf(lines)) (addsOnly(after, one) ? kept : contradicted).push(...one)
  return { kept, contradicted }
}

function blocksOf(lines: readonly ConfigChange[]) {
  const blocks: ConfigChange[][] = []
  for (const line of lines) {
    if (line.verbatim === true) blocks.at(-1)?.push(line)
    else blocks.push([line])
  }
  return blocks
}

function addsOnly(after: ConfigTree, lines: readonly ConfigChange[]) {
  const changes = changesBetween(after, mergeConfig(after, linesOfChanges(lines)))
  const added = new Set(changes.flatMap(placesOf))
  return changes.every(({ sign }) => sign === '+') && lines.flatMap(placesOf).every((place) => added.has(place))
}

// Root lines that `rollback clean-config` does not touch: the routing model and spanning-tree (docs/eos.md 2.2, as seen on cEOS 4.35), and
// `end`, which is no command.
const KEPT = [/^service routing protocols model /, /^spanning-tree mode /, /^end$/]

type IsPort = (interfaceName: string) => boolean

/**
 * The configuration after `rollback clean-config`: ports are present and empty, the routing model and the
 * spanning-tree mode stay, and IP routing is off where the configuration spoke of it (docs/eos.md 2.2).
 */
export function cleanConfig(running: ConfigTree, isPort: IsPort = isPhysical): ConfigTree {
  const kept = running.children.flatMap((node) => {
    const name = /^interface (\S+)$/.exec(node.line)?.[1]
    if (name !== undefined && isPort(name)) return [{ ...node, children: [], tail: [] }]
    if (/^(no )?ip routing$/.test(node.line)) return [{ ...node, line: 'no ip routing' }]
    return KEPT.some((pattern) => pattern.test(node.line)) ? [node] : []
  })
  const header = running.children[0]?.lead ?? []
  const [first, ...rest] = kept
  if (!first) return { children: [], tail: [...header, ...running.tail] }
  return { children: [{ ...first, lead: header }, ...rest], tail: running.tail }
}

function asRepeated(after: ConfigTree, before: ConfigTree) {
  const headers = childLines(before)
  if (new Set(headers).size === headers.length) return after
  const whole = new ConfigEditor({ children: [], tail: [] }, { printed: before })
  whole.merge(before.children)
  return diffConfig(whole.tree(), after).changes.every(({ line }) => line === 'end') ? before : after
}

interface ReplaceOptions extends EditorOptions {
  readonly isPort?: IsPort
}

/**
 * What a session gives that was cleaned by `rollback clean-config` and in which a whole candidate was then entered.
 * Ports that the candidate does not name stay as empty blocks, as on a switch.
 */
export function replaceConfig(
  running: ConfigTree,
  candidate: readonly string[],
  options: ReplaceOptions = {},
): ConfigTree {
  return replaceReport(running, candidate, options).tree
}

/** As {@link replaceConfig}, and says which commands are unknown and which had no effect. */
export function replaceReport(
  running: ConfigTree,
  candidate: readonly string[],
  options: ReplaceOptions = {},
): MergeReport {
  const editor = new ConfigEditor(cleanConfig(running, options.isPort), { printed: running, ...options })
  const report = enterReport(editor, candidate)
  return { ...report, tree: asRepeated(report.tree, running) }
}

export type DifferenceKind = 'missing' | 'extra' | 'ordered'

export interface LineDifference {
  readonly kind: DifferenceKind
  readonly change: ConfigChange
}

export interface SectionDifference {
  readonly section: string
  readonly lines: readonly LineDifference[]
}

/** Compares what a switch runs with what it would run as intended, both as it prints them, section by section in the order of their names. */
export function sectionDifferences(
  running: string,
  intended: string,
  sectionOf: SectionOf,
): readonly SectionDifference[] {
  const [is, meant] = [parseConfig(comparableText(running)), parseConfig(comparableText(intended))]
  const changes = changesBetween(is, meant).filter(isCommand)
  const roots = [...is.children, ...meant.children].map(({ line }) => line).filter((line) => line !== 'end')
  const known = new Map<string, string>()
  const sectionOnce = (root: string) => {
    const section = known.get(root) ?? sectionOf(root)
    known.set(root, section)
    return section
  }
  const bySection = new Map<string, ConfigChange[]>(roots.map((root) => [sectionOnce(root), []]))
  for (const change of changes) bySection.get(sectionOnce(change.path[0] ?? change.line))?.push(change)
  return [...bySection]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([section, of]) => ({ section, lines: judged(of) }))
}

function judged(changes: readonly ConfigChange[]): readonly LineDifference[] {
  const counts = new Map<string, { '+': number; '-': number }>()
  const keys = changes.map(({ path, line }) => JSON.stringify(numberless([...path, line])))
  changes.forEach(({ sign }, index) => {
    const count = counts.get(keys[index] ?? '') ?? { '+': 0, '-': 0 }
    count[sign] += 1
    counts.set(keys[index] ?? '', count)
  })
  const moved = new Map([...counts].map(([key, count]) => [key, Math.min(count['+'], count['-'])]))
  const left = { '+': new Map(moved), '-': new Map(moved) }
  return changes.map((change, index): LineDifference => {
    const key = keys[index] ?? ''
    const pairs = left[change.sign].get(key) ?? 0
    if (pairs === 0) return { kind: change.sign === '+' ? 'missing' : 'extra', change }
    left[change.sign].set(key, pairs - 1)
    return { kind: 'ordered', change }
  })
}

/** Such lines as a person reads them, under the commands that hold them: `-` is there, `+` is intended. */
export function presentDifferences(lines: readonly LineDifference[]): readonly ChangeLine[] {
  return presentChanges(lines.map(({ change }) => change))
}
