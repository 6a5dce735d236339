import type { Cursor } from '../journal/cursor.ts'
import type { JsonObject } from '../model/json.ts'

/** One event of a stream, as it is written (HTML Living Standard, section 9.2: server-sent events). */
export type Frame = string

/** An event with a document, and with the place behind which a watcher comes back. */
export function frameOf(event: string, data: JsonObject, id?: Cursor): Frame {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
}

/** What keeps a connection open through proxies, and is no event. */
export const KEEP_ALIVE: Frame = ': still here\n\n'

/** How long a browser waits before it comes back, in milliseconds. */
export const RETRY: Frame = 'retry: 2000\n\n'
