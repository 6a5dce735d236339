import { formatRanges, LAST_VLAN, parseVlans } from '../../../model/vlan-list.ts'
import { Modes } from '../syntax/modes.ts'
import { fitOf, typeOf } from '../syntax/syntax-tree.ts'
import { TABLE } from '../syntax/table.ts'
import { canonicalInterface, isPhysical } from '../text/interface-name.ts'
import type { ConfigNode } from '../text/tree.ts'
import { Draft, isNegated } from './draft.ts'
import { isComment, type OrderFamily, placeDraft, removeDraft } from './placement.ts'
import { FEATURE, isHead, type Meaning, meaningOf, wordsOf } from './rules.ts'

function otherVlans(vlans: readonly number[]) {
  const excluded = new Set(vlans)
  return Array.from({ length: LAST_VLAN }, (_, index) => index + 1).filter((vlan) => !excluded.has(vlan))
}

// The value of `switchport trunk allowed vlan` after a further command: a list, or `add`, `remove`, `except` with one,
// `all` or `none` (docs/eos.md 4.6). Undefined where the command is no such thing.
// @param present the value before, undefined where none is set, which means all VLANs
function nextVlanList(present: string | undefined, command: string) {
  const [verb = '', list = ''] = command.split(' ')
  if (verb === 'all' || verb === 'none') return verb === 'all' ? `1-${LAST_VLAN}` : 'none'
  const named = parseVlans(verb === 'add' || verb === 'remove' || verb === 'except' ? list : verb)
  // Read for a bare list, too: behind a value that nobody can read no command makes one.
  const before = present === undefined || present === 'none' ? [] : parseVlans(present)
  if (!named || !before) return undefined
  const had = () => (present === undefined ? otherVlans([]) : before)
  const after = {
    add: () => [...new Set([...had(), ...named])].sort((a, b) => a - b),
    remove: () => had().filter((vlan) => !named.includes(vlan)),
    except: () => otherVlans(named),
  }[verb as 'add' | 'remove' | 'except']
  return formatRanges(after ? after() : named) || 'none'
}

// What says who a neighbour is and no group gives otherwise.
const OWN = /^(?:peer[ -]group|remote-as|description)\b/

// Whether `no LINE` is said of a member of a peer group, whose group may give what the member then has not: EOS keeps such a `no`, also where
// the group gives nothing (docs/eos.md 4.8). What the member has itself goes first, and nothing is kept unless the group gives it. @param
// blocks the blocks that the command is typed in, outermost first: a member of an address family is one of its process
function overridesGroup(line: string, key: string, blocks: readonly Draft[]) {
  const [, name = '', setting = ''] = /^neighbor (\S+) (\S.*)$/.exec(line) ?? []
  const block = blocks.at(-1)
  if (block === undefined || setting === '' || OWN.test(setting)) return false
  const group = blocks.map((one) => groupOf(one, name)).find((found) => found !== undefined)
  if (group === undefined) return false
  const isOwn = block.children.some((child) => child.key === key || child.line.startsWith(`${line} `))
  return !isOwn || block.withKey(key.replace(`neighbor ${name} `, `neighbor ${group} `)) !== undefined
}

function groupOf({ children }: Draft, name: string) {
  const heads = [`neighbor ${name} peer group `, `neighbor ${name} peer-group `]
  for (const { line } of children) {
    const head = heads.find((one) => line.startsWith(one))
    if (head !== undefined) return line.slice(head.length)
  }
  return undefined
}

/** What one command did to one block. */
export type Effect =
  | { readonly kind: 'applied' | 'unknown' }
  /** `begun`: the lines that a `no` without effect begins, in the form of its words. */
  | { readonly kind: 'unchanged'; readonly begun?: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string }

/** Where a command is typed: how deep the block stands, and in which order EOS of that version prints. */
export interface Site {
  readonly depth: number
  readonly family: OrderFamily
  /** The blocks above, outermost first, where a command is typed in one. */
  readonly above?: readonly Draft[]
}

/** The text lines of a heredoc, each body closed by its terminator. */
export type Body = ConfigNode['body']

const applied: Effect = { kind: 'applied' }
const unchanged: Effect = { kind: 'unchanged' }

/** Applies a command that opens no submode, in its positive form. */
export function setLine(block: Draft, line: string, meaning: Meaning, site: Site, body?: Body): Effect {
  if (isComment(line)) return setComment(block, line, site, body)
  const same = block.withLine(line)
  if (same) return setBody(same, body)
  if (meaning.kind === 'numbered') return setNumbered(block, line, meaning, site)
  if (meaning.kind === 'vlanList') return setVlanList(block, line, meaning, site)
  const before = block.rivalOf(line, meaning.key)
  if (before) {
    if (before.opens) before.clear()
    before.opens = false
    block.rename(before, line)
    before.body = body
  } else {
    add(block, line, site, body)
  }
  return meaning.kind === 'unknown' ? { kind: 'unknown' } : applied
}

/** Applies `no LINE`, where `line` is what stands behind `no`. */
export function negateLine(block: Draft, line: string, meaning: Meaning, site: Site): Effect {
  const stored = `no ${line}`
  if (block.withLine(stored)) return unchanged
  if (block.prints(stored)) return storeNegated(block, stored, meaning, site)
  if (overridesGroup(line, meaning.key, [...(site.above ?? []), block]))
    return storeNegated(block, `no ${meaning.key}`, meaning, site)
  if (meaning.kind === 'toggle') {
    const isSaidOfAll = line.startsWith('passive-interface ') && block.withLine('passive-interface default')
    const inherited = meaning.isInherited && !isSaidOfAll ? removeMeant(block, line, meaning, 'no', site) : undefined
    return inherited ?? storeNo(block, meaning, matching(block, line, meaning), site)
  }
  const removed = removeMeant(block, line, meaning, 'no', site)
  if (removed || !isVague(meaning) || isHead(block.mode, line)) return removed ?? unchanged
  add(block, stored, site)
  return { kind: 'unknown' }
}

// EOS prints the `no` of a setting that is on by default, without its value (docs/eos.md 4.8).
function storeNo(block: Draft, { key }: Meaning, present: readonly Draft[], site: Site): Effect {
  const stored = `no ${key}`
  const keeper = present.find((child) => child.key === key)
  removeAll(
    block,
    present.filter((child) => child !== keeper),
    'no',
    site,
  )
  if (keeper?.line === stored) return unchanged
  if (keeper) block.rename(keeper, stored)
  else add(block, stored, site)
  return applied
}

function storeNegated(block: Draft, stored: string, { key }: Meaning, site: Site): Effect {
  const rival = block.rivalOf(stored, key)
  if (rival?.line === stored) return unchanged
  if (rival) block.rename(rival, stored)
  else add(block, stored, site)
  return applied
}

function isVague({ kind, weight }: Meaning) {
  return kind === 'unknown' || (kind === 'line' && weight <= FEATURE)
}

/** Applies `default LINE`: the setting and its stored `no` both go. */
export function defaultLine(block: Draft, line: string, meaning: Meaning, site: Site): Effect {
  return removeMeant(block, line, meaning, 'default', site) ?? unchanged
}

/** Sets a default that EOS does not print: what says otherwise goes, and no longer line that begins with the same words. */
export function hideLine(block: Draft, line: string, meaning: Meaning, site: Site): Effect {
  const present = matching(block, line, meaning)
  return present.length > 0 ? removeAll(block, present, 'default', site) : unchanged
}

/**
 * Removes the lines that `no LINE` or `default LINE` means, with their bodies: the one that is said whole, else what its words begin. Undefined if it means none; if
 * they begin lines of several kinds it has no effect, and the effect names them.
 */
export function removeMeant(
  block: Draft,
  line: string,
  meaning: Meaning,
  verb: 'no' | 'default',
  site: Site,
): Effect | undefined {
  const whole = matching(block, line, meaning)
  const isWhole = block.withLine(line) !== undefined || isHead(block.mode, line) || meaning.entry !== undefined
  const begun = isWhole && whole.length > 0 ? undefined : begunLines(block, line, pathTo(block, site))
  const present = begun !== undefined && begun.meant.length > 0 ? begun.meant : whole
  if (present.length > 0) return removeAll(block, present, verb, site)
  return begun && begun.lines.length > 0
    ? { kind: 'unchanged', begun: begun.lines.map((child) => child.line) }
    : undefined
}

const pathTo = (block: Draft, { above = [] }: Site) =>
  [...above, block].map(({ line }) => line).filter((line) => line !== '')

/** The lines of a block that `no LINE` and `default LINE` mean, said whole. */
export function matching(block: Draft, line: string, meaning: Meaning): readonly Draft[] {
  if (isHead(block.mode, line)) {
    const begun = allBegun(block, line)
    if (begun.length > 0) return begun
  }
  if (isComment(line)) return block.children.filter((child) => isComment(child.line))
  if (meaning.entry) {
    const { entry } = meaning
    return block.children.filter(({ line: other }) => isSameEntry(meaningOf(block.mode, other), entry))
  }
  // The words of a key are the command without its values: `neighbor N route-map in`.
  const found = block.withLine(line) ?? block.withKey(meaning.key) ?? block.withKey(line)
  return found ? [found] : []
}

/** Adds a command where it belongs, without looking for what it may replace. */
export function add(block: Draft, line: string, site: Omit<Site, 'above'>, body?: Body): Draft {
  const child = Draft.ofLine(line, block.mode)
  child.body = body
  child.trailing = block.printed?.node(line)?.trailing
  if (isNegated(line) || body) child.opens = false
  placeDraft(block, child, site.depth, site.family)
  return child
}

function removeAll(block: Draft, children: readonly Draft[], verb: 'no' | 'default', site: Site): Effect {
  const isChanged = children.map((child) => removeChild(block, child, verb, site)).includes(true)
  return isChanged ? applied : unchanged
}

/** Removes a command with its body. True where that changes something: ports and defaulted interfaces stay as empty blocks (docs/eos.md 4.8). */
export function removeChild(parent: Draft, child: Draft, verb: 'no' | 'default', site: Site): boolean {
  const name = child.line.startsWith('interface ')
    ? canonicalInterface(child.line.slice('interface '.length))
    : undefined
  if (name === undefined || parent.mode !== 'root' || (verb === 'no' && !isPhysical(name))) {
    removeDraft(parent, child, site.family)
    return true
  }
  const isChanged = !child.isEmpty
  child.clear()
  return isChanged
}

function setBody(child: Draft, body: Body): Effect {
  if (body === undefined || JSON.stringify(child.body) === JSON.stringify(body)) return unchanged
  child.body = body
  return applied
}

// EOS shows the text of a mode comment as `!! text`, however it came in (docs/eos.md 4.2).
function setComment(block: Draft, line: string, site: Site, body?: Body): Effect {
  const present = block.children.filter((child) => isComment(child.line))
  const same = block.withLine(line)
  if (same && (!body || JSON.stringify(same.body) === JSON.stringify(body))) return unchanged
  if (!body) {
    add(block, line, site)
    return applied
  }
  const texts = (body[0] ?? []).slice(0, -1).map((raw) => `!! ${raw.trim()}`.trim())
  if (texts.length === present.length && texts.every((text, at) => text === present[at]?.line)) return unchanged
  removeAll(block, present, 'no', site)
  for (const text of texts) add(block, text, site)
  return applied
}

function setVlanList(block: Draft, line: string, meaning: Meaning, site: Site): Effect {
  const before = block.withKey(meaning.key)
  const present = before && !isNegated(before.line) ? before.line.slice(meaning.key.length + 1) : undefined
  const list = nextVlanList(present, line.slice(meaning.key.length + 1))
  const next = list === undefined ? line : `${meaning.key} ${list}`
  if (before) {
    if (present !== undefined && list !== undefined && nextVlanList(undefined, present) === list) return unchanged
    block.rename(before, next)
  } else {
    add(block, next, site)
  }
  return applied
}

type Entry = NonNullable<Meaning['entry']>

function isSameEntry(other: Meaning, entry: Entry) {
  if (!other.entry || other.entry.head !== entry.head) return false
  if (entry.number !== undefined) return other.entry.number === entry.number
  return other.entry.body === entry.body
}

// The step between the numbers that EOS gives by itself (docs/eos.md 4.7).
const STEP = 10

function setNumbered(block: Draft, line: string, meaning: Meaning, site: Site): Effect {
  const { entry } = meaning
  if (!entry) return unchanged
  if (entry.body === '') return { kind: 'refused', message: '% Incomplete command' }
  const home = entry.head === '' ? undefined : block.withKey(entry.head.trim())
  if (home?.opens) {
    const inside = line.slice(entry.head.length)
    return setLine(home, inside, meaningOf(home.mode, inside), { ...site, depth: site.depth + 1 })
  }
  if (entry.number === undefined) {
    const entries = entriesOf(block, entry.head)
    if (entries.some(({ body }) => body === entry.body)) return unchanged
    const last = Math.max(0, ...entries.map(({ number }) => number ?? 0))
    add(block, formatEntry(entry, last + STEP), site)
    return applied
  }
  const taken = block.withKey(meaning.key)
  if (taken) {
    const same = meaningOf(block.mode, taken.line).entry?.body === entry.body
    return same ? unchanged : { kind: 'refused', message: '% Duplicate sequence number' }
  }
  add(block, formatEntry(entry, entry.number), site)
  return applied
}

function entriesOf(block: Draft, head: string) {
  return block.children.flatMap((child) => {
    const entry = child.line.startsWith(head) ? meaningOf(block.mode, child.line).entry : undefined
    return entry && entry.head === head ? [entry] : []
  })
}

function formatEntry({ head, spec, body }: Entry, number: number) {
  return `${head}${spec.word === '' ? '' : `${spec.word} `}${number} ${body}`
}

const modes = new Modes(TABLE)

const isKeyword = (word: string) => word === word.toLowerCase() && modes.hasWord(word)

// The places in a line of its values, from 0.
function valuesFrom(above: readonly string[], words: readonly string[]): readonly number[] {
  const mode = modes.opened(above)
  let node = mode === undefined ? undefined : modes.tree(mode)
  return words.flatMap((word, at) => {
    const keyword = node?.words.get(word)
    const value = keyword === undefined ? node?.values.find((edge) => fitOf(edge, word) === 'fits') : undefined
    const isName = value !== undefined && !isKeyword(word)
    const isValue = keyword === undefined && (isName || typeOf(word) !== 'word')
    node = keyword ?? value?.next
    return isValue ? [at] : []
  })
}

/** The lines of a block that begin with the words of a command and go on, and which of them `no` before it means: none if they are of several kinds. */
export interface BegunLines {
  readonly lines: readonly Draft[]
  readonly meant: readonly Draft[]
}

// The lines of a block that a shorter command begins. It means them if they are of one kind; of several it means the setting of which it is all
// but the value: `ip address` and not `ip address virtual` (docs/eos.md 4.8).
//
// @param above the commands that open the block, outermost first
function begunLines(block: Draft, line: string, above: readonly string[]): BegunLines {
  const head = `${line} `
  const lines = block.children.filter((child) => oneBlank(child.line).startsWith(head))
  if (lines.length < 2) return { lines, meant: lines }
  const given = wordsOf(line).length
  const kinds = lines.map((child) => kindBehind(block.mode, child.line, given, above))
  const isOneKind = kinds.every((kind) => kind === kinds[0])
  return { lines, meant: isOneKind ? lines : lines.filter((child) => isSettingOf(block.mode, child.line, given)) }
}

const oneBlank = (line: string) => (line.includes('  ') ? wordsOf(line).join(' ') : line)

function isSettingOf(mode: string, line: string, given: number) {
  const { kind, pattern } = meaningOf(mode, line)
  const parts = pattern?.words.map((word) => word.kind) ?? []
  if (parts.slice(0, given).includes('value') || parts.length < given) return false
  const behind = parts.slice(given)
  return kind === 'line'
    ? behind[0] === 'value' && behind.length > 1
    : behind.every((part) => part === 'value' || part === 'end')
}

function kindBehind(mode: string, line: string, given: number, above: readonly string[]) {
  const words = wordsOf(line)
  const { kind, pattern } = meaningOf(mode, line)
  const ruled = pattern?.words ?? []
  const isLine = kind === 'line' || kind === 'unknown'
  const values = isLine ? new Set(valuesFrom(above, words)) : undefined
  const isKept = (at: number) => {
    const part = ruled[at]?.kind
    return part === 'value' ? values?.has(at) === false : part !== 'end'
  }
  const kept = words.slice(0, ruled.length).map((word, at) => (at >= given && isKept(at) ? word : ''))
  if (values === undefined) return kept.join(' ').trim()
  const from = Math.max(given, ruled.length)
  const end = words.findIndex((_, at) => at >= from && values.has(at))
  return [...kept, ...words.slice(from, end < 0 ? undefined : end)].join(' ').trim()
}

/** Whether a line of a block begins with the words of a command. */
export function isBegun(block: Draft, line: string): boolean {
  return (
    block.withLine(line) !== undefined || block.children.some((child) => oneBlank(child.line).startsWith(`${line} `))
  )
}

// The lines of a block that begin so with or without `no`.
function allBegun(block: Draft, line: string) {
  const head = `${line} `
  return block.children.filter(({ line: other }) => {
    const bare = isNegated(other) ? other.slice(3) : other
    return bare === line || bare.startsWith(head)
  })
}
