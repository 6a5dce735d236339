import { definedMembers } from '../../../model/defined-members.ts'
import { BrokenChainError, sameBytes } from '../seal/chain.ts'
import { isChange } from '../store/is-change.ts'
import type { ExecutionPage, ExecutionSummary, ResolvedExecution, Store } from '../store/store.ts'
import type { ChainReader } from './chain-reader.ts'
import type { KnownRows } from './lookups.ts'
import type { ExecutionHead, RecordRows } from './record-rows.ts'
import { type StoredRow, unaltered } from './rows.ts'

const PAGE = 20

export type Executions = ReturnType<typeof executionsOver>

export function executionsOver(rows: RecordRows, reading: ChainReader, known: KnownRows) {
  const executions = async (page: ExecutionPage = {}): Promise<readonly ExecutionSummary[]> => {
    // What was changed past the store is read as it is now.
    if (page.again === true) rows.foreignWrites?.()
    const heads = await rows.heads(page)
    for (const head of heads) reading.requireSealed(head)
    const found = heads.length === 0 ? [] : await rows.at(heads.flatMap(({ first, last }) => [first, last]))
    const at = new Map(found.map((row) => [row.pos, row]))
    // Whoever lists them again has each of their texts parsed once.
    const read = page.again === true ? (row: StoredRow) => known.read(row) : unaltered
    return heads.map((head) => {
      const [first, last] = endsOf(head, at)
      return { id: head.id, first: read(first), last: read(last) }
    })
  }

  const latest = async (): Promise<ResolvedExecution> => {
    for (let before: string | undefined; ; ) {
      const page = await executions({ limit: PAGE, ...definedMembers({ before }) })
      const found = page.find(isChange)
      if (found !== undefined) return { found: 'one', id: found.id }
      before = page.at(-1)?.id
      if (before === undefined || page.length < PAGE) return { found: 'none' }
    }
  }

  return {
    executions,

    openExecutions: async () => {
      const heads = await rows.heads({ open: true })
      return heads.map((head) => {
        reading.requireSealed(head)
        return { id: head.id, hasActed: head.has_acted }
      })
    },

    executionIds: (limit?) => rows.ids(definedMembers({ limit })),

    resolveExecution: async (word) => {
      if (word === '@latest') return latest()
      const ids = await rows.ids({ prefix: word })
      if (ids.includes(word)) return { found: 'one', id: word }
      const [id, ...others] = ids
      if (id === undefined) {
        // Who takes an execution away hides none: the register has it.
        await reading.rowsOf(word)
        return { found: 'none' }
      }
      return others.length === 0 ? { found: 'one', id } : { found: 'several', ids }
    },
  } satisfies Partial<Store>
}

// Throws BrokenChainError where a record is not the one that was sealed.
function endsOf(
  { id, first, last, head, head_hash }: ExecutionHead,
  at: ReadonlyMap<number, StoredRow>,
): readonly [first: StoredRow, last: StoredRow] {
  const [begun, newest] = [at.get(first), at.get(last)]
  const isFirst = begun?.execution === id && begun.n === 1
  const isNewest = newest?.execution === id && newest.n === head && sameBytes(newest.hash, head_hash)
  if (isFirst && isNewest) return [begun, newest]
  throw new BrokenChainError({ seq: first, reason: `records of execution ${id} are gone` })
}
