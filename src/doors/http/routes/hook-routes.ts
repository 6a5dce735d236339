import { z } from 'zod'
import { hookPrincipal } from '../../../features/hook/hook-keys.ts'
import { defineOpenRoute, type Route, traceHeader, traceOf } from '../context/route.ts'
import { faultOf, notThere } from '../request/readable.ts'
import { document } from './shown-execution.ts'

// The longest body of an event, in bytes.
const LONGEST_EVENT = 262_144

const FIELDS = [
  'content-type',
  'authorization',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'x-hub-signature-256',
  'x-hook-signature',
  'x-github-event',
  'x-gitlab-token',
  'x-gitlab-event',
  'x-gitlab-event-uuid',
  'idempotency-key',
  'ce-specversion',
  'ce-id',
  'ce-source',
  'ce-type',
  'ce-subject',
  'ce-time',
  'ce-datacontenttype',
  'ce-dataschema',
] as const

const VERIFIED: ReadonlySet<string> = new Set(['input', 'not-authorised', 'busy'])

export const hookRoutes: readonly Route[] = [
  defineOpenRoute(
    'POST /api/v1/hooks/{name}',
    'Events of systems outside (Standard Webhooks, GitHub, GitLab, CloudEvents 1.0): they make plans',
    {
      provesItself: true,
      takesBytes: true,
      status: 202,
      output: document('EventTaken', {
        event: z.string().describe('What tells it from other events of its sender.'),
        outcome: z
          .enum(['begun', 'known', 'ignored'])
          .describe('`known`: it came before. `ignored`: the settings want no event like it.'),
        execution: z.string().optional().describe('The execution that it has begun.'),
      }),
      answer: async (front, { path: { name = '' }, headers, bytes, sender }) => {
        const address = sender?.address ?? 'unknown'
        const isKnown = front.app.project.settings.events.some(({ path }) => path === name)
        const verified = front.senders.require(address, isKnown ? name : '')
        if (!isKnown) throw notThere('address for events')
        const body = await bytes()
        const given = FIELDS.flatMap((field) => {
          const value = headers.get(field)
          return value === null ? [] : [[field, value] as const]
        })
        const asked = front.acts.ask(
          'event',
          { principal: hookPrincipal(name), ...traceOf(headers) },
          {
            path: name,
            address,
            headers: Object.fromEntries(given),
            ...(body.length > LONGEST_EVENT ? {} : { body: Buffer.from(body).toString('base64') }),
            ...(sender?.certificate === undefined ? {} : { certificate: sender.certificate }),
          },
        )
        asked.then(verified, (error: unknown) => {
          if (VERIFIED.has(faultOf(error).kind)) verified()
        })
        const taken = (await asked) as { readonly trace?: string }
        const { trace, ...json } = taken
        return { status: 202, json, headers: traceHeader(trace) }
      },
    },
  ),
]
