import { type Stats, statSync } from 'node:fs'
import { EosflowError } from '../../../model/error.ts'
import type { AppendOutcome, AppendRequest } from '../chains/append-request.ts'
import type { JournalEvent } from '../event/event.ts'
import { parseEvent } from '../event/parse-event.ts'
import { recordAt } from '../event/record-text.ts'
import { keepHead } from './head-file.ts'

type FileFate = 'there' | 'gone' | 'replaced' | 'cut'

/** SQLite goes on writing to a file that was deleted or replaced, without an error: what is put on record then is in no file that anybody can find, and the leases of the switches are free for whoever opens the path next. */
export class StoreFile {
  readonly #path: string
  readonly #opened: Stats | undefined
  readonly #log: Stats | undefined
  readonly #records: () => number
  #wasMissed = false
  #lost: LostRecords | undefined

  readonly #origin: string

  constructor(path: string, origin: string, records: () => number) {
    this.#path = path
    this.#origin = origin
    this.#opened = path === ':memory:' ? undefined : statSync(path)
    this.#log = statSync(`${path}-wal`, { throwIfNoEntry: false })
    this.#records = records
  }

  /** Throws {@link StoreLostError} when the store is no longer the file at its path: one stat. */
  requireThere(): void {
    const fate = this.#fate()
    if (fate === 'there') return
    this.#wasMissed = true
    throw new StoreLostError(this.#path, fate)
  }

  /** Throws {@link StoreLostError} when the leases of the file are not the ones that count. */
  requireLeases(device: string): void {
    if (this.#lost === undefined) this.requireThere()
    else if (this.#fate() !== 'gone') this.#refuse(device)
  }

  #refuse(device: string): never {
    throw new EosflowError(
      'refused',
      `${device}: nothing more is sent: what is at ${this.#path} is no longer the store that was opened, and by that store somebody else may change the switch now`,
      { device },
    )
  }

  /** Throws {@link StoreLostError} in between. */
  write(group: readonly AppendRequest[], toFile: () => readonly AppendOutcome[]): readonly AppendOutcome[] {
    if (this.#lost !== undefined) return this.#lost.write(group)
    this.requireThere()
    const outcomes = toFile()
    const newest = outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value.map(({ seq }) => seq) : []))
    if (newest.length > 0) keepHead(this.#path, { origin: this.#origin, newest: Math.max(...newest) })
    return outcomes
  }

  get isLost(): boolean {
    return this.#wasMissed || this.#fate() !== 'there'
  }

  /** Goes on in memory when a write has failed because the file was lost: once, and for nothing but the way back. */
  goOnLost(failure: unknown): boolean {
    if (!(failure instanceof StoreLostError) || this.#lost !== undefined) return false
    this.#lost = new LostRecords(this.#records())
    return true
  }

  lostRecords(execution: string): readonly JournalEvent[] {
    return this.#lost?.of(execution) ?? []
  }

  #fate(): FileFate {
    if (this.#opened === undefined) return 'there'
    const now = statSync(this.#path, { throwIfNoEntry: false })
    if (now === undefined) return 'gone'
    const isSame = now.ino === this.#opened.ino && now.dev === this.#opened.dev && now.size >= this.#opened.size
    if (!isSame) return 'replaced'
    return this.#isLogThere() ? 'there' : 'cut'
  }

  #isLogThere() {
    if (this.#log === undefined) return true
    const now = statSync(`${this.#path}-wal`, { throwIfNoEntry: false })
    return now?.ino === this.#log.ino && now.dev === this.#log.dev
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

class LostRecords {
  #seq: number
  readonly #events: JournalEvent[] = []

  constructor(seq: number) {
    this.#seq = seq
  }

  write(group: readonly AppendRequest[]): readonly AppendOutcome[] {
    return group.map(({ drafts }) => {
      const events = drafts.map((draft) => {
        this.#seq += 1
        return parseEvent(recordAt(draft, this.#seq))
      })
      this.#events.push(...events)
      return { status: 'fulfilled', value: events }
    })
  }

  of(execution: string) {
    return this.#events.filter((event) => event.execution === execution)
  }
}
