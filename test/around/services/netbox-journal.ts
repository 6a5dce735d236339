import { z } from 'zod'
import type { Json } from '../../../src/model/json.ts'
import { type Answer, type AskedService, Unpublished } from './loopback-service.ts'
import { published, requireQuery } from './published.ts'

/** `JournalEntryRequest` of NetBox's OpenAPI document; a list of them is taken, too. */
const entry = z.strictObject({
  assigned_object_type: z.string().regex(/^[a-z]+\.[a-z]+$/),
  assigned_object_id: z.int().positive(),
  kind: z.enum(['info', 'success', 'warning', 'danger']).optional(),
  comments: z.string().min(1),
})

/** An entry of the journal as it is kept. */
export type JournalEntry = z.output<typeof entry>

const DEVICES: readonly (readonly [name: string, id: number])[] = [
  ['leaf1', 11],
  ['leaf2', 12],
]

/** Answers as NetBox does to a token. */
export function netboxJournal(journal: JournalEntry[], token: string): (asked: AskedService) => Answer {
  const list = (results: readonly Json[]): Answer => ({
    status: 200,
    body: { count: results.length, next: null, previous: null, results },
  })
  return (asked) => {
    if (asked.authorization !== `Token ${token}`) return { status: 403, body: { detail: 'Invalid token' } }
    switch (asked.what) {
      case 'GET /api/dcim/devices/': {
        requireQuery(asked, ['name', 'limit', 'offset', 'q'])
        const names = asked.query.getAll('name')
        return list(DEVICES.flatMap(([name, id]) => (names.includes(name) ? [{ id, name }] : [])))
      }
      case 'GET /api/extras/journal-entries/': {
        requireQuery(asked, ['q', 'limit', 'offset'])
        const part = asked.query.get('q') ?? ''
        return list(journal.filter(({ comments }) => comments.includes(part)) as unknown as Json[])
      }
      case 'POST /api/extras/journal-entries/': {
        const entries = published(z.union([entry, z.array(entry)]), asked)
        journal.push(...[entries].flat())
        return { status: 201, body: entries as unknown as Json }
      }
      default:
        throw new Unpublished('no such operation')
    }
  }
}
