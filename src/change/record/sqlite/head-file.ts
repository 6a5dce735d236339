import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { basename } from 'node:path'

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

/** Keeps what is acknowledged: after it is on the disk, so that a store never has less than this says, however a process ends. Of two that write at once the older may be kept, which says less. */
export function keepHead(store: string, { origin, newest }: AcknowledgedHead): void {
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
