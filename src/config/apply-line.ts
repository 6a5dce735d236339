import { Draft, isNegated } from './draft.ts'
import { overridesGroup } from './group-override.ts'
import { isComment, type OrderFamily, placeDraft, removeDraft } from './placement.ts'
import { FEATURE, isHead, type Meaning, meaningOf } from './rules/rules.ts'
import type { ConfigNode } from './tree.ts'
import { nextVlanList } from './trunk-vlans.ts'

/** What one command did to one block. */
export type Effect =
  | { readonly kind: 'applied' | 'unchanged' | 'unknown' }
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
  const present = matching(block, line, meaning)
  if (meaning.kind !== 'toggle') {
    if (present.length === 0 && isVague(meaning) && !isHead(block.mode, line)) {
      add(block, stored, site)
      return { kind: 'unknown' }
    }
    return removeAll(block, present, site)
  }
  const keeper = present.find(({ key }) => key === meaning.key)
  removeAll(
    block,
    present.filter((child) => child !== keeper),
    site,
  )
  if (keeper) block.rename(keeper, stored)
  else add(block, stored, site)
  return applied
}

/** Stores a `no` in the place of what it negates. */
function storeNegated(block: Draft, stored: string, { key }: Meaning, site: Site): Effect {
  const rival = block.rivalOf(stored, key)
  if (rival?.line === stored) return unchanged
  if (rival) block.rename(rival, stored)
  else add(block, stored, site)
  return applied
}

/** Whether the rules cannot tell that `no` of an absent setting means nothing. Then it is kept, lest a line is lost. */
function isVague({ kind, weight }: Meaning): boolean {
  return kind === 'unknown' || (kind === 'line' && weight <= FEATURE)
}

/** Applies `default LINE`: the setting and its stored `no` both go. */
export function defaultLine(block: Draft, line: string, meaning: Meaning, site: Site): Effect {
  return removeAll(block, matching(block, line, meaning), site)
}

/** The lines of a block that `no LINE` and `default LINE` mean. */
export function matching(block: Draft, line: string, meaning: Meaning): Draft[] {
  if (isHead(block.mode, line)) {
    const head = `${line} `
    const positives = block.children.filter(({ line: other }) => {
      const bare = isNegated(other) ? other.slice(3) : other
      return bare === line || bare.startsWith(head)
    })
    if (positives.length > 0) return positives
  }
  if (isComment(line)) return block.children.filter((child) => isComment(child.line))
  if (meaning.entry) {
    const { entry } = meaning
    return block.children.filter(({ line: other }) => isSameEntry(meaningOf(block.mode, other), entry))
  }
  const found = block.withLine(line) ?? block.withKey(meaning.key)
  return found ? [found] : []
}

/** Adds a command where it belongs, without looking for what it may replace. */
export function add(block: Draft, line: string, site: Site, body?: Body): Draft {
  const child = Draft.ofLine(line, block.mode)
  child.body = body
  child.trailing = block.printed?.node(line)?.trailing
  if (isNegated(line) || body) child.opens = false
  placeDraft(block, child, site.depth, site.family)
  return child
}

function removeAll(block: Draft, children: readonly Draft[], site: Site): Effect {
  for (const child of children) removeDraft(block, child, site.family)
  return children.length > 0 ? applied : unchanged
}

function setBody(child: Draft, body: Body): Effect {
  if (body === undefined || JSON.stringify(child.body) === JSON.stringify(body)) return unchanged
  child.body = body
  return applied
}

/** EOS shows the text of a mode comment as `!! text`, however it came in (docs/eos.md 4.2). */
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
  removeAll(block, present, site)
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

function isSameEntry(other: Meaning, entry: Entry): boolean {
  if (!other.entry || other.entry.head !== entry.head) return false
  if (entry.number !== undefined) return other.entry.number === entry.number
  return other.entry.body === entry.body
}

/** The step between the numbers that EOS gives by itself (docs/eos.md 4.7). */
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

function entriesOf(block: Draft, head: string): Entry[] {
  return block.children.flatMap((child) => {
    const entry = child.line.startsWith(head) ? meaningOf(block.mode, child.line).entry : undefined
    return entry && entry.head === head ? [entry] : []
  })
}

function formatEntry({ head, spec, body }: Entry, number: number): string {
  return `${head}${spec.word === '' ? '' : `${spec.word} `}${number} ${body}`
}
