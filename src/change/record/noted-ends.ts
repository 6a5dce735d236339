import { z } from 'zod'
import { type Cursor, readCursor } from './event/cursor.ts'
import type { Notes } from './store/notes.ts'

const NOTE = 'switch-ends'
// What nobody has noted anew for so long is read again, in milliseconds.
const LASTS = 90 * 86_400_000

// `at`: when it ended, ISO 8601 in UTC.
const ending = z.strictObject({ execution: z.string(), end: z.string(), at: z.string(), seq: z.int() })
const confirmed = z.strictObject({ execution: z.string(), seq: z.int() })
const ends = z.strictObject({
  newest: ending,
  changed: ending.exactOptional(),
  // Those before it, the newest first: as many as are kept.
  before: z.array(confirmed).readonly().exactOptional(),
})
const schema = z.strictObject({
  version: z.literal(2),
  cursor: z.string(),
  looked: z.int().positive(),
  ends: z.record(z.string(), ends).readonly(),
})
export type SwitchEnding = z.output<typeof ending>
export type ConfirmedEnding = z.output<typeof confirmed>
export type SwitchEnds = Readonly<z.output<typeof ends>>
/** How executions have left switches, up to a place in the record: true whenever it was noted, since an end stays an end. */
export interface NotedEnds extends Pick<z.output<typeof schema>, 'looked' | 'ends'> {
  readonly cursor: Cursor
}

/** What was noted; undefined where nothing is, or it cannot be read. */
export async function readNotedEnds(notes: Notes): Promise<NotedEnds | undefined> {
  const note = await notes.read(NOTE, NOTE).catch(() => undefined)
  const read = note === undefined ? undefined : schema.safeParse(JSON.parse(note.text))
  const cursor = read?.success === true ? readCursor(read.data.cursor) : undefined
  if (read?.success !== true || cursor === undefined) return undefined
  return { cursor, looked: read.data.looked, ends: read.data.ends }
}

/** Throws as notes do. */
export function noteEnds(notes: Notes, noted: NotedEnds): Promise<void> {
  return notes.set(NOTE, NOTE, JSON.stringify({ version: 2, ...noted }), { lasts: LASTS })
}
