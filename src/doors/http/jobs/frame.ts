import type { Cursor } from '../../../change/record/event/cursor.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Region } from '../../../report/page/region.ts'

export type Frame = string

/** An event with a document, and with the place behind which a watcher comes back. */
export function frameOf(event: string, data: JsonObject, id?: Cursor): Frame {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
}

/** The parts of a page that are other than in `sent`, which learns them. `seq` is the newest record that they show. */
export function regionFrames(regions: readonly Region[], seq: number, sent: Map<string, string>): readonly Frame[] {
  return regions.flatMap(({ region, html }) => {
    const text = html.toString()
    if (sent.get(region) === text) return []
    sent.set(region, text)
    return [frameOf('region', { region, seq, html: text })]
  })
}

export const KEEP_ALIVE: Frame = ': still here\n\n'

/** How long a browser waits before it comes back, in milliseconds. */
export const RETRY: Frame = 'retry: 2000\n\n'
