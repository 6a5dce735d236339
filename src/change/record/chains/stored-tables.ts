/** How the values of a column are kept: SQLite has lists as JSON, flags as 0 and 1, and times in milliseconds since the epoch. */
export type ColumnKind = 'number' | 'text' | 'bytes' | 'flag' | 'positions' | 'time'

export interface StoredTable {
  readonly name: string
  readonly key: string
  readonly columns: Readonly<Record<string, ColumnKind>>
  /** How many rows are read at once: a text may be a configuration. */
  readonly batch: number
}

const BATCH = 1_000
const TEXTS = 50

const LINKED = { covers: 'positions', prev: 'bytes', hash: 'bytes', body: 'text' } as const
const SEALED = { n: 'number', hash: 'bytes', seal: 'bytes', uncovered: 'positions' } as const

export const STORED_TABLES: readonly StoredTable[] = [
  table('event', 'pos', { pos: 'number', execution: 'text', n: 'number', ...LINKED }),
  table('register', 'n', { n: 'number', pos: 'number', mirror: 'text', execution: 'text', ...LINKED }),
  table('execution', 'id', {
    id: 'text',
    first: 'number',
    last: 'number',
    ...SEALED,
    is_open: 'flag',
    has_acted: 'flag',
    token: 'number',
    retired: 'number',
  }),
  table('register_head', 'n', { ...SEALED, clock_since: 'number' }),
  table('used', 'key', { key: 'text', execution: 'text' }),
  table('task_token', 'token', { token: 'text', execution: 'text' }),
  table('lease', 'device', { device: 'text', execution: 'text', token: 'number', until: 'text', quarantine: 'text' }),
  table('blob', 'ref', { ref: 'text', bytes: 'bytes', put: 'time' }, TEXTS),
  table('checkpoint', 'id', { id: 'number', seq: 'number', at: 'text', note: 'text', heads: 'text' }),
  table('checkpoint_head', 'id', { id: 'number', seal: 'bytes' }),
  table('note', 'name', { name: 'text', kind: 'text', body: 'bytes' }),
  table('note_head', 'kind', { kind: 'text', body: 'bytes' }, TEXTS),
  table('delivery', 'receiver', { receiver: 'text', position: 'number', at: 'text', fault: 'text' }),
]

function table(name: string, key: string, columns: StoredTable['columns'], batch = BATCH): StoredTable {
  return { name, key, columns, batch }
}
