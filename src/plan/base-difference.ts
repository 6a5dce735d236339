import {
  type BlockKind,
  type BlockName,
  blockNamed,
  blockOf,
  blockWords,
  COMMENTS,
  namedIn,
  namesOf,
} from '../config/base-block.ts'
import { diffConfig } from '../config/diff.ts'
import { touchesManagement } from '../config/guard-touches.ts'
import {
  decidesLanes,
  groupsJoined,
  namesGiven,
  peerGroupMade,
  portOfLane,
  type TakenKind,
  takenUnnamed,
  unnamedIn,
} from '../config/named-things.ts'
import { parseConfig } from '../config/parse.ts'
import type { DiffLine, PlannedDevice } from './plan.ts'
import type { PlannedBlock } from './plan-evidence.ts'

/** A reason why an approval of one plan is none of another. */
export interface CarryObstacle {
  /** What of the two plans it is about. */
  readonly part: string
  readonly device?: string
  /** One sentence. */
  readonly reason: string
}

/** A block of a switch that is not as it was when the plan was approved. */
export interface BaseDifference {
  readonly device: string
  readonly block: string
  /** Its lines that came and went, redacted, each with its sign. */
  readonly lines: readonly string[]
}

/** The base of a switch as two plans keep it, block by block. */
export interface TwoBases {
  readonly before: readonly PlannedBlock[] | undefined
  readonly after: readonly PlannedBlock[] | undefined
}

/** Kinds of which a block may differ in a base where the change does not touch it. What is of another kind never may. */
const MAY_DIFFER: ReadonlySet<BlockKind | undefined> = new Set<BlockKind>([
  'interface',
  'vlan',
  'vrf',
  'route-map',
  'prefix-list',
  'access-list',
  'community-list',
  'as-path',
  'peer-filter',
  'class-map',
  'policy-map',
  'profile',
  'router',
  'static',
  'track',
])

/** Judges how the base of a switch differs from the approved one: in no block that the change touches, and in nothing that reaches further than its block. */
export function baseDifference(
  made: PlannedDevice,
  approved: PlannedDevice | undefined,
  { before, after }: TwoBases,
): { readonly obstacles: readonly CarryObstacle[]; readonly differences: readonly BaseDifference[] } {
  const device = made.name
  const not = (reason: string): CarryObstacle => ({ part: 'base', device, reason: `${device}: ${reason}` })
  if (approved === undefined) return { obstacles: [], differences: [] }
  if (before === undefined || after === undefined || isCutShort(approved, before) || isCutShort(made, after))
    return { obstacles: [not('a plan does not keep the base block by block')], differences: [] }
  const differing = differingBlocks(before, after)
  const touch = touchedBlocks(made.diff, before, after)
  if (made.base.running === approved.base.running) return { obstacles: [], differences: [] }
  if (differing.length === 0)
    return { obstacles: [not('the base differs in something that is in no block')], differences: [] }
  const differences = differing.map(({ block, was, is }) => ({
    device,
    block: blockWords(block),
    lines: changedLines(was, is),
  }))
  return {
    obstacles: [
      ...touch.obstacles.map(not),
      ...differing.flatMap((one) => judgedBlock(one, touch)).map(not),
      ...otherCandidate(touch, before, after).map(not),
      ...beyondBlocks(before, after, differing).map(not),
    ],
    differences,
  }
}

/** Where a plan does not say that it keeps the base block by block, has none, or has two of one name, nothing is known. */
function isCutShort({ base }: PlannedDevice, blocks: readonly PlannedBlock[]): boolean {
  return base.blocks === undefined || blocks.length === 0 || byName(blocks).size < blocks.length
}

interface DifferingBlock {
  readonly block: string
  readonly was: PlannedBlock | undefined
  readonly is: PlannedBlock | undefined
}

function differingBlocks(before: readonly PlannedBlock[], after: readonly PlannedBlock[]): readonly DifferingBlock[] {
  const [was, is] = [byName(before), byName(after)]
  const names = [...new Set([...was.keys(), ...is.keys()])]
  return names.flatMap((block) => {
    const pair = { block, was: was.get(block), is: is.get(block) }
    return pair.was?.seal === pair.is?.seal ? [] : [pair]
  })
}

/** The blocks that a change touches, and the names by which other lines mean them. */
interface Touch {
  readonly keys: ReadonlySet<string>
  readonly names: ReadonlySet<string>
  /** The ports of the front of which it touches a lane. */
  readonly ports: ReadonlySet<string>
  /** What it takes up without a name of it. */
  readonly unnamed: ReadonlySet<TakenKind | undefined>
  /** Why it is not known what is touched. */
  readonly obstacles: readonly string[]
}

/**
 * What a change touches: the blocks that its lines are in, those that a line of these names, and so on. Any word that is the name of a block names it. The
 * bases are looked at together: a block that one of them lacks is one that differs.
 */
function touchedBlocks(
  diff: readonly DiffLine[],
  before: readonly PlannedBlock[],
  after: readonly PlannedBlock[],
): Touch {
  const texts = textsOf([...before, ...after])
  const roots = rootsOf(diff)
  const blocks = [...texts.keys(), ...roots.keys()].map(blockNamed)
  const index = nameIndex(blocks, texts)
  const keys = new Set<string>()
  const waiting = [...roots.keys(), ...lanesDecided(roots, blocks)]
  const obstacles: string[] = []
  for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
    if (keys.has(key)) continue
    keys.add(key)
    const { kind } = blockNamed(key)
    if (kind === undefined)
      obstacles.push(`the change touches \`${blockWords(key)}\`, which is of no kind that is known here`)
    const lines = [...(texts.get(key) ?? []), ...(roots.get(key) ?? []).map(({ text }) => text)]
    for (const line of lines)
      for (const name of [...namedIn(line), ...groupsJoined(line)]) waiting.push(...(index.get(name) ?? []))
    obstacles.push(...unresolved(lines, index))
  }
  const names = new Set([...keys].flatMap((key) => namesOf(blockNamed(key))))
  return {
    keys,
    names,
    ports: new Set([...keys].flatMap((key) => portOfLane(blockNamed(key)) ?? [])),
    unnamed: new Set([...roots.values()].flatMap(takenUnnamed)),
    obstacles: [...new Set(obstacles)],
  }
}

/** The lines of a diff by the block that they are in, each with the commands that it is shown under. */
function rootsOf(diff: readonly DiffLine[]): ReadonlyMap<string, readonly DiffLine[]> {
  const roots = new Map<string, DiffLine[]>()
  let present: DiffLine[] = []
  for (const line of diff) {
    if (!/^\s/.test(line.text)) {
      const { key } = blockOf(line.text)
      present = roots.get(key) ?? []
      roots.set(key, present)
    }
    present.push(line)
  }
  return roots
}

/** The blocks of all lanes of the ports whose lanes a change decides about. */
function lanesDecided(
  roots: ReadonlyMap<string, readonly DiffLine[]>,
  blocks: readonly BlockName[],
): readonly string[] {
  const decided = [...roots].flatMap(([key, lines]) =>
    lines.some(({ sign, text }) => sign !== ' ' && decidesLanes(text)) ? (portOfLane(blockNamed(key)) ?? []) : [],
  )
  return blocks.filter((block) => decided.includes(portOfLane(block) ?? '')).map(({ key }) => key)
}

function textsOf(blocks: readonly PlannedBlock[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>()
  for (const { block, text } of blocks) texts.set(block, [...(texts.get(block) ?? []), ...text.split('\n')])
  return texts
}

function nameIndex(
  blocks: readonly BlockName[],
  texts: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>()
  for (const [key, lines] of texts)
    for (const group of lines.flatMap(groupsJoined)) index.set(group, [...(index.get(group) ?? []), key])
  for (const block of blocks)
    for (const name of namesOf(block)) index.set(name, [...(index.get(name) ?? []), block.key])
  return index
}

/** Names that lead to nothing: what the line depends on is then not known. */
function unresolved(lines: readonly string[], index: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const groups = new Set(lines.flatMap((line) => peerGroupMade(line) ?? []))
  return lines.flatMap((line) =>
    namesGiven(line).flatMap(({ kind, name }) => {
      const found = index.get(kind === 'vlan' ? `vlan ${name}` : name) ?? []
      const isThere = kind === 'peer group' ? groups.has(name) : found.some((key) => blockNamed(key).kind === kind)
      return isThere ? [] : [`the ${kind} \`${name}\`, which the change touches, is nowhere`]
    }),
  )
}

function judgedBlock({ block, was, is }: DifferingBlock, { keys, names, ports, unnamed }: Touch): readonly string[] {
  if (block === COMMENTS) return ['a comment of the base differs: EOS shows what it boots in one']
  const named = blockNamed(block)
  if (!MAY_DIFFER.has(named.kind))
    return [`the base differs in \`${blockWords(block)}\`, which may reach further than its own lines`]
  if (keys.has(block)) return [`the base differs in \`${blockWords(block)}\`, which the change touches`]
  const changed = changedLines(was, is).map((line) => line.slice(1))
  const heads = [was, is].flatMap((one) => one?.text.split('\n', 1) ?? [])
  const lines = [...heads, ...changed]
  const touched = lines.flatMap((line) => [...namedIn(line)]).find((name) => names.has(name))
  if (touched !== undefined)
    return [`the base differs in \`${blockWords(block)}\`, which names \`${touched}\`, and the change touches that`]
  if (ports.has(portOfLane(named) ?? '') && changed.some(decidesLanes))
    return [`the base differs in the speed of \`${blockWords(block)}\`, and the change touches a lane of that port`]
  return lines.some((line) => unnamed.has(unnamedIn(line)))
    ? [`the base differs in \`${blockWords(block)}\`, which the change takes up with all others`]
    : []
}

/** Touched blocks of which the change would make something else than was approved. */
function otherCandidate(
  { keys }: Touch,
  before: readonly PlannedBlock[],
  after: readonly PlannedBlock[],
): readonly string[] {
  const [was, is] = [byName(before), byName(after)]
  return [...keys].flatMap((key) =>
    was.get(key)?.made === is.get(key)?.made ? [] : [`the change would make something else of \`${blockWords(key)}\``],
  )
}

/** What differs of a block, each line with its sign. Of a block whose redacted lines are equal all of them: only a secret differs. */
function changedLines(was: PlannedBlock | undefined, is: PlannedBlock | undefined): readonly string[] {
  const [old, now] = [was?.text.split('\n') ?? [], is?.text.split('\n') ?? []]
  const gone = lacking(old, now).map((line) => `-${line}`)
  const come = lacking(now, old).map((line) => `+${line}`)
  if (gone.length + come.length > 0) return [...gone, ...come]
  return [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)]
}

/** The lines of the first that the second has fewer of. */
function lacking(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}

const BOOT = /^(?:no |default )?boot\b/

/** What differs of AAA, users, management or boot, wherever it is: the same lines that a plan warns of. */
function beyondBlocks(
  before: readonly PlannedBlock[],
  after: readonly PlannedBlock[],
  differing: readonly DifferingBlock[],
): readonly string[] {
  const [was, is] = [treeOf(before), treeOf(after)]
  const old = treeOf(differing.flatMap((one) => one.was ?? []))
  const { changes } = diffConfig(old, treeOf(differing.flatMap((one) => one.is ?? [])))
  const parts = new Set([...touchesManagement(changes, was), ...touchesManagement(changes, is)])
  const boots = changes.some(({ path, line }) => BOOT.test(path[0] ?? line)) ? ['what is booted'] : []
  return [...parts, ...boots].map((part) => `the base differs in ${part}`)
}

function treeOf(blocks: readonly PlannedBlock[]): ReturnType<typeof parseConfig> {
  const texts = blocks.filter(({ block }) => block !== COMMENTS).map(({ text }) => text)
  return parseConfig(`${texts.join('\n')}\n`)
}

function byName(blocks: readonly PlannedBlock[]): ReadonlyMap<string, PlannedBlock> {
  return new Map(blocks.map((block) => [block.block, block]))
}
