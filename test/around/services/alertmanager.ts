import { z } from 'zod'
import type { Json } from '../../../src/model/json.ts'
import { type Answer, type AskedService, Unpublished } from './loopback-service.ts'
import { published, requireQuery } from './published.ts'

/** `postableSilence` of Alertmanager's API v2 (prometheus/alertmanager, api/v2/openapi.yaml). */
const silence = z.strictObject({
  id: z.string().optional(),
  matchers: z
    .array(
      z.strictObject({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().optional() }),
    )
    .min(1),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  createdBy: z.string(),
  comment: z.string(),
})

/** A silence as it is kept. */
export type Silence = z.output<typeof silence> & { readonly id: string; state: 'active' | 'expired' }

/** Answers as Alertmanager does. */
export function alertmanager(silences: Silence[]): (asked: AskedService) => Answer {
  const shown = ({ state, ...one }: Silence): Json => ({ ...one, updatedAt: one.startsAt, status: { state } }) as Json
  return (asked) => {
    if (asked.what === 'GET /api/v2/silences') {
      requireQuery(asked, ['filter', 'creator'])
      return { status: 200, body: silences.map(shown) }
    }
    if (asked.what === 'POST /api/v2/silences') {
      const given = published(silence, asked)
      const id = `00000000-0000-0000-0000-${String(silences.length + 1).padStart(12, '0')}`
      silences.push({ ...given, id, state: 'active' })
      return { status: 200, body: { silenceID: id } }
    }
    const [, method, id] =
      /^(GET|DELETE) \/api\/v2\/silence\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(asked.what) ?? []
    if (method === undefined) throw new Unpublished('no such operation')
    const found = silences.find((one) => one.id === id)
    if (found === undefined) return { status: 404 }
    if (method === 'GET') return { status: 200, body: shown(found) }
    found.state = 'expired'
    return { status: 200 }
  }
}
