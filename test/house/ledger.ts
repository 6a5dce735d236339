import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, textOf, under } from './sources.ts'
import { STEPS, type Title } from './titles.ts'

/** The ledger, from the root of the checkout. */
export const LEDGER = 'test/house/ledger.txt'

/** Ids that no page has any more, each with the reason; an id is never given again. */
export const REMOVED: Readonly<Record<string, string>> = {}

/** A regression, a row of the fault model or a promise, as a page has it. */
interface Entry {
  readonly id: string
  readonly page: string
  /** The line that has the id, without it. */
  readonly says: string
}

/** One id with the titles of its tests, each after the steps that run it. */
type Block = readonly [id: string, titles: readonly string[]]

const byPlace = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })

/** Every id of the pages: the first cell of a row of regressions or of the fault model, and `[G12]` at a promise of any page. */
export function entries(): readonly Entry[] {
  const pages = ['README.md', ...under('docs', /\.md$/)]
  return pages.flatMap((page) => entriesIn(page, textOf(page)))
}

/** The ids of one page. */
export function entriesIn(page: string, text: string): readonly Entry[] {
  const hasRows = page === 'docs/regressions.md' || page === 'docs/fault-model.md'
  const pattern = hasRows ? /^\| (\d?[A-Z]\d+[a-z]?) \||\[(G[1-9]\d*)\](?!\()/g : /\[(G[1-9]\d*)\](?!\()/g
  return text.split('\n').flatMap((line) =>
    [...line.matchAll(pattern)].map(([whole, ...id]) => ({
      id: id.join(''),
      page,
      says: line.replace(whole, '').trim(),
    })),
  )
}

/** The ledger of what the pages and the titles have; an id of the old one that is on no page stays, until its reason is given. */
export function ledgerOf(found: readonly Entry[], titles: readonly Title[], old: readonly Block[]) {
  const kept = old.map(([id]) => id).filter((id) => REMOVED[id] === undefined)
  const ids = [...new Set([...found.map(({ id }) => id), ...kept])].toSorted(byPlace)
  return ids
    .map(
      (id) =>
        `${id}\n${linesOf(id, titles)
          .map((line) => `  ${line}\n`)
          .join('')}`,
    )
    .join('')
}

function linesOf(id: string, titles: readonly Title[]) {
  const lines = titles
    .filter(({ ids }) => ids.includes(id))
    .map(({ steps, text, isRow }) => {
      const where = steps.length === 0 ? ['never'] : [...steps, ...(isRow ? ['a row'] : [])]
      return `${where.join(', ')}: ${text.replaceAll(/\s+/g, ' ')}`
    })
  return [...new Set(lines)].toSorted(byPlace)
}

/** The ids of a ledger, each with its lines. */
export const blocksOf = (text: string): readonly Block[] =>
  text.split(/^(?=\S)/m).flatMap((block) => {
    const [id = '', ...lines] = block.trimEnd().split('\n')
    return id === '' ? [] : [[id, lines.map((line) => line.trim())] as const]
  })

/** The ledger as it is kept. */
export const keptLedger = () => (existsSync(join(ROOT, LEDGER)) ? textOf(LEDGER) : '')

/** How one ledger differs from another: each title that an id has lost or got, or that is run elsewhere. That a title has another id, too, is no difference. */
export function changes(before: readonly Block[], after: readonly Block[]) {
  const [old, now] = [stepsByTitle(before), stepsByTitle(after)]
  return [
    ...[...old].flatMap(([title, steps]) => (now.has(title) ? [] : [`lost ${title} (${steps})`])),
    ...[...now].flatMap(([title, steps]) => (old.has(title) ? [] : [`new  ${title} (${steps})`])),
    ...[...now].flatMap(([title, steps]) => {
      const was = old.get(title) ?? steps
      return was === steps ? [] : [`step ${title} (${was}; now ${steps})`]
    }),
  ]
}

/** The steps of each title of an id, by both: `P2: the answer is lost`. */
function stepsByTitle(blocks: readonly Block[]) {
  const found = new Map<string, string>()
  for (const [id, lines] of blocks) {
    for (const line of lines) {
      const [steps = '', ...title] = line.replaceAll(/\[\w+\] /g, '').split(': ')
      const key = `${id}: ${title.join(': ')}`
      found.set(key, [...new Set([...(found.get(key)?.split(', ') ?? []), ...steps.split(', ')])].toSorted().join(', '))
    }
  }
  return found
}

/** Whether a line of a ledger is of a test that the gate runs. */
export const isOfGate = (line: string) =>
  STEPS.some((step) => step !== 'night' && line.split(': ')[0]?.split(', ').includes(step))
