import { z } from 'zod'
import type { Json } from '../../../src/model/json.ts'
import { type Answer, type AskedService, Unpublished } from './loopback-service.ts'
import { published, requireQuery } from './published.ts'

const time = z.int().min(1_000_000_000_000)
const tags = z.array(z.string())

/** What the manual of Grafana's annotations API has in a body (grafana.com/docs, HTTP API, Annotations). */
const made = z.strictObject({
  dashboardUID: z.string().optional(),
  panelId: z.int().optional(),
  time: time.optional(),
  timeEnd: time.optional(),
  tags: tags.optional(),
  text: z.string().min(1),
})
const patched = z.strictObject({
  text: z.string().optional(),
  tags: tags.optional(),
  time: time.optional(),
  timeEnd: time.optional(),
})
const QUERY = ['from', 'to', 'limit', 'alertId', 'dashboardId', 'dashboardUID', 'panelId', 'userId', 'type', 'tags']

/** An annotation as it is kept. */
export type Annotation = z.output<typeof made> & { readonly id: number }

/** Answers as Grafana does to a token of a service account. */
export function grafana(annotations: Annotation[], token: string): (asked: AskedService) => Answer {
  let last = 0
  return (asked) => {
    if (asked.authorization !== `Bearer ${token}`) return { status: 401, body: { message: 'Unauthorized' } }
    if (asked.what === 'GET /api/annotations') {
      requireQuery(asked, QUERY)
      const wanted = asked.query.getAll('tags')
      const found = annotations.filter((one) => wanted.every((tag) => one.tags?.includes(tag)))
      // The newest is first, as in the manual.
      return { status: 200, body: found.toReversed().slice(0, Number(asked.query.get('limit') ?? 100)) as Json }
    }
    if (asked.what === 'POST /api/annotations') {
      last += 1
      annotations.push({ ...published(made, asked), id: last })
      return { status: 200, body: { message: 'Annotation added', id: last } }
    }
    const [, method, id] = /^(PATCH|DELETE) \/api\/annotations\/([1-9]\d*)$/.exec(asked.what) ?? []
    if (method === undefined) throw new Unpublished('no such operation')
    const at = annotations.findIndex((one) => one.id === Number(id))
    const found = annotations[at]
    if (found === undefined) return { status: 404, body: { message: 'Annotation not found' } }
    if (method === 'DELETE') {
      annotations.splice(at, 1)
      return { status: 200, body: { message: 'Annotation deleted' } }
    }
    Object.assign(found, published(patched, asked))
    return { status: 200, body: { message: 'Annotation patched' } }
  }
}
