import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { EosflowError } from '../../../model/error.ts'
import type { AppendOutcome, AppendRequest } from '../chains/append-request.ts'
import type { JournalEvent } from '../event/event.ts'
import { parseEvent, recordAt } from '../event/record-text.ts'

type FileFate = 'there' | 'gone' | 'replaced' | 'cut'

/** SQLite goes on writing to a file that was deleted or replaced, without an error: what is put on record then is in no file that anybody can find, and the leases of the switches are free for whoever opens the path next. */
export function storeFile(path: string, origin: string, records: () => number) {
  const opened = path === ':memory:' ? undefined : statSync(path)
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  let wasMissed = false
  let lost: LostRecords | undefined

  /** Throws {@link StoreLostError} when the store is no longer the file at its path: one stat. */
  function requireThere(): void {
    const fate = fateNow()
    if (fate === 'there') return
    wasMissed = true
    throw new StoreLostError(path, fate)
  }

  /** Throws {@link StoreLostError} when the leases of the file are not the ones that count. */
  function requireLeases(device: string): void {
    if (lost === undefined) requireThere()
    else if (fateNow() !== 'gone') refuse(device)
  }

  function refuse(device: string): never {
    throw new EosflowError(
      'refused',
      `${device}: nothing more is sent: what is at ${path} is no longer the store that was opened, and by that store somebody else may change the switch now`,
      { device },
    )
  }

  /** Throws {@link StoreLostError} in between. */
  function write(group: readonly AppendRequest[], toFile: () => readonly AppendOutcome[]): readonly AppendOutcome[] {
    if (lost !== undefined) return lost.write(group)
    requireThere()
    const outcomes = toFile()
    const newest = outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value.map(({ seq }) => seq) : []))
    if (newest.length > 0) keepHead(path, { origin, newest: Math.max(...newest) })
    return outcomes
  }

  /** Goes on in memory when a write has failed because the file was lost: once, and for nothing but the way back. */
  function goOnLost(failure: unknown): boolean {
    if (!(failure instanceof StoreLostError) || lost !== undefined) return false
    lost = recordsInMemory(records())
    return true
  }

  function fateNow(): FileFate {
    if (opened === undefined) return 'there'
    const now = statSync(path, { throwIfNoEntry: false })
    if (now === undefined) return 'gone'
    const isSame = now.ino === opened.ino && now.dev === opened.dev && now.size >= opened.size
    if (!isSame) return 'replaced'
    return isLogThere() ? 'there' : 'cut'
  }

  function isLogThere() {
    if (log === undefined) return true
    const now = statSync(`${path}-wal`, { throwIfNoEntry: false })
    return now?.ino === log.ino && now.dev === log.dev
  }

  return {
    get isLost() {
      return wasMissed || fateNow() !== 'there'
    },
    ...{ requireThere, requireLeases, write, goOnLost },
    lostRecords: (execution: string) => lost?.of(execution) ?? [],
  }
}

const LOSSES: Readonly<Record<Exclude<FileFate, 'there'>, string>> = {
  gone: 'is no longer at its path',
  replaced: 'was replaced by another file at its path',
  cut: 'has lost the write-ahead log beside it (-wal), which held its newest records,',
}

class StoreLostError extends EosflowError {
  constructor(path: string, fate: Exclude<FileFate, 'there'>) {
    super('store', `the store ${path} ${LOSSES[fate]} while it was in use: what happened since is on no record`, {
      hint: 'Put the store back from a copy, or go on with a new one: `eosflow recover --scan` finds what was left on the switches.',
    })
  }
}

type LostRecords = ReturnType<typeof recordsInMemory>

function recordsInMemory(behind: number) {
  let seq = behind
  const all: JournalEvent[] = []
  function write(group: readonly AppendRequest[]): readonly AppendOutcome[] {
    return group.map(({ drafts }) => {
      const events = drafts.map((draft) => {
        seq += 1
        return parseEvent(recordAt(draft, seq))
      })
      all.push(...events)
      return { status: 'fulfilled', value: events }
    })
  }

  return { write, of: (execution: string) => all.filter((event) => event.execution === execution) }
}

export interface AcknowledgedHead {
  readonly origin: string
  readonly newest: number
}

/** Where the head of a store is kept: beside it, so that a file which has lost its write-ahead log is missed. */
export function headFileOf(store: string): string {
  return `${store}-head`
}

// It is always as long, so that nothing of an older one is left.
const LENGTH = 96
const FORMAT = 'eosflow-head 1'

// Keeps what is acknowledged: after it is on the disk, so that a store never has less than this says, however a process ends. Of two that write at once the older may be kept, which says less.
function keepHead(store: string, { origin, newest }: AcknowledgedHead): void {
  // In memory, or a draft that is to take the place of a store.
  if (store === ':memory:' || basename(store).startsWith('.')) return
  try {
    const file = openSync(
      headFileOf(store),
      constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      0o600,
    )
    try {
      writeSync(file, `${`${FORMAT} ${origin} ${newest}`.padEnd(LENGTH - 1)}\n`, 0)
    } finally {
      closeSync(file)
    }
  } catch {
    // Said above.
  }
}

/** What was kept; undefined where there is nothing that can be read. */
export function keptHead(store: string): AcknowledgedHead | undefined {
  try {
    const file = openSync(headFileOf(store), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const text = Buffer.alloc(LENGTH)
      if (!fstatSync(file).isFile() || readSync(file, text) !== LENGTH) return undefined
      const [, origin = '', newest = ''] = /^eosflow-head 1 (\S+) (\d{1,15}) *\n$/.exec(text.toString('latin1')) ?? []
      return origin === '' ? undefined : { origin, newest: Number(newest) }
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}
