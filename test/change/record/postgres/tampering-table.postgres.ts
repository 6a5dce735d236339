import { describe, expect, test } from 'vitest'
import { everyNth } from '../../../extent.ts'
import { serverForTests } from '../../../postgres/store-for-test.ts'
import { table } from '../../../table.ts'
import { type Cell, cellsOf, type Table } from '../chains/cells.ts'
import { type Answers, askedOf, namedBy } from './asked-of-store.ts'
import { twiceFilled } from './twice-filled.ts'

const servers = serverForTests()

/** How it is named what was done to a table. */
const NAMED: Readonly<Record<string, RegExp>> = Object.fromEntries(
  table`
  blob             ^the text blob:[0-9a-f]{64}x? (?:was altered|that it names is missing)$
  checkpoint       checkpoint|are not those that|said to have
  checkpoint_head  checkpoint
  delivery         ^how far .* is cannot be so$|is said to have|^how far receivers of records and checkpoints are is not
  delivery_head    ^how far receivers of records|^the seal over how far receivers are is not kept once
  event            record -?\d+ of execution|what it is found by is not what its content says|cannot be read
  execution        execution x?\d?
  freeze_lock      ^what freezes wait for is not kept once
  hold             ^what is kept of the holder of
  lease            the lease of leaf\d
  migration        has layout|^the layout has a step
  note             ^a note of the kind "(?:sessionx?)?" (?:was put there, or put back|was altered|is gone)$
  note_head        ^which notes of the kind "(?:sessionx?)?" there are is not what|^a note of the kind "session" (?:was put|is gone)
  register         register|what it is found by is not what its content says|record -?\d+ of execution|cannot be read
  register_head    register|the record by which a clock was last accepted is not the one that is kept
  store            ^record 1 of the register does not follow|was written under another key|^the id of the store is not kept once
  task_token       task token
  timeline         timeline|the one that takes writes is not kept once
  used             use[sd] up "|used up "
  worker           ^what is kept of (?:process|the owner of execution|the holder of)
`.map(([name = '', words = '']) => [name, new RegExp(words)]),
)

/** Columns on which no record, right or end depends: each is shown to be harmless below. */
const EXCUSED: readonly string[] = [
  'blob.put',
  'execution.worker',
  'migration.at',
  'timeline.since',
  ...['beat', 'dead', 'drain', 'reaper', 'since'].map((column) => `worker.${column}`),
]

/** What answers that only show what is kept: nobody is let in or kept out by them. */
const SHOWN: readonly string[] = ['claimed', 'died', 'workers']

/** Of two processes at most one is let in: what the other is given that was not, the first is refused. */
const EITHER: Readonly<Record<string, string>> = {
  'a stranger takes over': 'the owner goes on',
  'w2 claims inventory': 'w1 claims inventory',
  'w2 claims schedules': 'w1 claims schedules',
}

/** What a cell is called: the column, or the rows, of its table. */
const nameOf = ({ table, column = 'rows' }: Cell) => `${table}.${column}`

/** What is not as it was before: what is refused by name, what is only shown, and what is neither. */
function differing(
  before: Answers,
  now: Answers,
): { readonly refused: readonly string[]; readonly given: readonly string[] } {
  const other = Object.keys(before).filter((what) => JSON.stringify(before[what]) !== JSON.stringify(now[what]))
  const isRefused = (what: string) => now[what]?.given === undefined
  const refused = other.filter(isRefused)
  const given = other.filter((what) => !isRefused(what) && !SHOWN.includes(what) && !isRefused(EITHER[what] ?? what))
  return { refused, given }
}

/** Every 120th cell, and always what freezes wait for, a row more, a process that is nothing, and a holder that is not there. */
function few(cells: readonly Cell[]): readonly Cell[] {
  const always = cells.filter(({ table, what }) =>
    /^(?:freeze_lock |\S+ a row in$|worker every one (?:emptied|without it)$|hold every one altered$)/.test(
      `${table} ${what}`,
    ),
  )
  return [...new Set([...always, ...everyNth(120, 'cells of a tampered database', cells)])]
}

const everyFourth = (cells: readonly Cell[]): readonly Cell[] => everyNth(4, 'cells of a tampered database', cells)

/** How many databases are looked at at once. */
const LANES = 3

interface Looked {
  readonly found: number
  readonly refused: number
  readonly excused: number
  /** What PostgreSQL has no place for. */
  readonly nowhere: number
}

/** Does what each cell says, one after the other. By night everything is asked, also where a verification has named one. */
async function look(
  of: typeof few,
): Promise<{ readonly looked: Looked; readonly missed: readonly string[]; readonly tables: readonly Table[] }> {
  const looked = { found: 0, refused: 0, excused: 0, nowhere: 0 }
  const missed: string[] = []
  const all: Table[] = []
  const stores: Awaited<ReturnType<typeof twiceFilled>>[] = []
  for (let lane = 0; lane < LANES; lane += 1) stores.push(await twiceFilled(servers.server))
  const kindOf = (
    cell: Cell,
    reasons: readonly (string | undefined)[],
    changed: ReturnType<typeof differing>,
  ): keyof Looked | undefined => {
    const name = nameOf(cell)
    if (reasons.every((reason) => reason !== undefined && NAMED[cell.table]?.test(reason) === true)) return 'found'
    if (reasons.some((reason) => reason !== undefined)) return undefined
    if (changed.refused.length > 0 && changed.given.length === 0) return 'refused'
    if (EXCUSED.includes(name)) return changed.given.length === 0 ? 'excused' : undefined
    return undefined
  }
  await Promise.all(
    stores.map(async ({ address, tables }, lane) => {
      const own = await tables.tables()
      if (lane === 0) all.push(...own)
      const before = await askedOf(address)
      for (const cell of of(own.flatMap(cellsOf)).filter((_, index) => index % LANES === lane)) {
        await tables.restore()
        if (!(await tables.tamper(cell))) {
          looked.nowhere += 1
          continue
        }
        const reasons = [await namedBy(address), await namedBy(address)]
        const isAsked = of === everyFourth || reasons.includes(undefined)
        const changed = isAsked ? differing(before, await askedOf(address)) : { refused: [], given: [] }
        const kind = kindOf(cell, reasons, changed)
        if (kind === undefined)
          missed.push(`${nameOf(cell)}, ${cell.what}: ${reasons.join(' / ')} ${JSON.stringify(changed)}`)
        else looked[kind] += 1
      }
      await tables.close()
    }),
  )
  return { looked, missed, tables: all }
}

/** Looks at all cells, and says how each was found. */
async function requireNoneMissed(of: typeof few, least: number) {
  const { looked, missed, tables } = await look(of)
  process.stdout.write(`what was found of them: ${JSON.stringify(looked)}\n`)
  expect(missed).toEqual([])
  expect(tables.filter(({ rows }) => rows.length > 0).map(({ name }) => name)).toEqual(Object.keys(NAMED))
  // A move has its own tables, of a store that was moved, or is being moved.
  expect(tables.filter(({ name, rows }) => rows.length === 0 && !/^(?:moved|copied)/.test(name))).toEqual([])
  expect(tables.flatMap(({ rows, columns }) => (rows.length > 0 ? columns : []))).toHaveLength(97)
  expect(looked.found).toBeGreaterThan(least)
  expect(looked.found + looked.refused + looked.excused).toBeGreaterThan(least)
}

describe('what a superuser without the key does to a database', () => {
  test('[G7] [G30] [T2] [T4] [T5] is found by name, or refused, twice: what there is one of, what a process is, and some of all cells', async () => {
    await requireNoneMissed(few, 20)
  })

  test('is found in every column and every row of every table, twice, and what is asked then is answered as before or refused', {
    tags: 'night',
    timeout: 600_000,
  }, async () => {
    await requireNoneMissed(everyFourth, 150)
  })

  test('is nothing where nothing was done', async () => {
    const { address, tables } = await twiceFilled(servers.server)
    expect(await namedBy(address)).toBeUndefined()
    const before = await askedOf(address)
    await tables.restore()
    expect(await askedOf(address)).toEqual(before)
    expect(await namedBy(address)).toBeUndefined()
    await tables.close()
  })
})
