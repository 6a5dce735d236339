import { z } from 'zod'
import { hookPrincipal } from '../../../features/hook/hook-keys.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Scope } from '../../../model/principal.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import {
  askerOf,
  defineOpenRoute,
  defineRoute,
  type FrontContext,
  type Route,
  type RouteRequest,
  seeOther,
  traceHeader,
  traceOf,
} from '../context/route.ts'
import { driftFor, snapshotFor } from '../jobs/drift-seen.ts'
import { type ActName, actInputs } from '../request/act-input.ts'
import { faultOf, notThere, refusalOf } from '../request/readable.ts'
import { document, text, texts } from './execution-routes.ts'

const begun = document('Begun', {
  execution: text.describe('The execution: read it, or watch it.'),
  known: z.boolean().optional().describe('Whether it was begun before under the same key.'),
  outcome: text.optional().describe('What became of the request.'),
})

interface ActRoute {
  readonly path: string
  readonly action: Scope
  readonly summary: string
  readonly input?: z.ZodObject
  readonly output?: z.ZodType
  readonly besides?: (front: FrontContext, caller: IdentifiedCaller) => object
  // Default: 200.
  readonly status?: number
  readonly shown?: (front: FrontContext, caller: IdentifiedCaller, value: object) => Promise<object>
}

function actRoute(act: ActName, { path, action, summary, input, output = begun, status, besides, shown }: ActRoute) {
  return defineRoute(`POST ${path}`, action, summary, {
    input: input ?? (actInputs[act] as z.ZodObject),
    output,
    ...definedMembers({ status }),
    answer: async (front, request) => {
      const { acts } = front
      const { caller, input: given } = request
      const value = (await acts.ask(act, askerOf(caller, request.headers), {
        ...given,
        ...underKey(act, request),
        ...ifMatch(act, request),
        ...besides?.(front, caller),
      })) as object
      return answerOf((await shown?.(front, caller, value)) ?? value, request, status)
    },
  })
}

function underKey(
  act: ActName,
  { headers }: Pick<RouteRequest<unknown, IdentifiedCaller>, 'headers'>,
): { readonly key?: string } {
  const key = headers.get('idempotency-key')
  return key !== null && 'key' in actInputs[act].shape ? { key } : {}
}

function ifMatch(
  act: ActName,
  { headers }: Pick<RouteRequest<unknown, IdentifiedCaller>, 'headers'>,
): { readonly newest?: number } {
  const tag = headers.get('if-match')
  if (tag === null || !('newest' in actInputs[act].shape)) return {}
  const [, newest] = /^"(\d{1,15})"$/.exec(tag) ?? []
  if (newest !== undefined) return { newest: Number(newest) }
  throw refusalOf('changed-meanwhile', 'If-Match is not the ETag of an execution')
}

function answerOf(value: object, { isForm }: Pick<RouteRequest<unknown, IdentifiedCaller>, 'isForm'>, begun = 200) {
  const { trace, ...said } = value as { readonly trace?: string; readonly execution?: string; readonly known?: boolean }
  const { execution, known } = said
  const status = known === true ? 200 : begun
  const json = { version: 1, ...said }
  if (execution === undefined) return isForm ? seeOther('/') : { json, status }
  if (isForm) return seeOther(`/executions/${execution}`)
  return { json, status, headers: { location: `/api/v1/executions/${execution}`, ...traceHeader(trace) } }
}

const ACT_ROUTES = {
  plan: {
    path: '/api/v1/plans',
    action: 'plan.create',
    summary: 'Plan a change: the switches say what they would make of it; nothing is changed',
    status: 202,
  },
  start: {
    path: '/api/v1/executions',
    action: 'execution.start',
    summary: 'Make a change: it is planned, waits for its approval, and goes on',
    status: 202,
  },
  'start-plan': {
    path: '/api/v1/plans/{plan}/executions',
    action: 'execution.start',
    summary: 'Make the change of a plan',
    status: 202,
  },
  rebase: {
    path: '/api/v1/plans/{plan}/rebase',
    action: 'plan.create',
    summary:
      'Plan an approved change again, on what its switches run now: its approvals carry when that is started with `carry`',
    status: 202,
  },
  decide: {
    path: '/api/v1/plans/{plan}/decisions',
    action: 'plan.approve',
    summary: 'Approve or reject a plan: a decision that was signed elsewhere, or that of the local user',
    input: z.strictObject(withoutOwn(actInputs.decide.shape)),
    besides: (_, { session }) => (session === undefined ? {} : { session: session.mark }),
    output: document('Decision', {
      plan: text,
      decision: text,
      by: text,
      note: z
        .string()
        .optional()
        .describe(
          'What whoever decided has to know: that the same person has approved it already, or that it is carried out.',
        ),
    }),
  },
  challenge: {
    path: '/api/v1/plans/{plan}/challenges',
    action: 'plan.approve',
    summary: 'Make the statement that a passkey signs: for this plan, by whoever asks, good once and for five minutes',
    input: z.strictObject(withoutOwn(actInputs.challenge.shape)).meta({ id: 'ChallengeRequest' }),
    besides: ({ address }, { session }) => {
      if (session === undefined) throw refusalOf('login-missing', 'a passkey needs a session of a browser')
      return { origin: address.origin, session: session.mark }
    },
    output: document('Challenge', { id: text, until: text, text: text }),
  },
  freeze: {
    path: '/api/v1/freezes',
    action: 'execution.stop',
    summary: 'Let nothing new begin until a time; what is live goes on to its end',
    output: document('Freeze', { freeze: z.int(), until: text }),
  },
  unfreeze: {
    path: '/api/v1/unfreeze',
    action: 'execution.stop',
    summary: 'End freezes before their time; those of the policy stay',
    output: document('Unfrozen', { ended: z.array(z.int()), left: z.array(z.int()) }),
  },
  stop: {
    path: '/api/v1/executions/{execution}/stop',
    action: 'execution.stop',
    summary: 'End an execution: every touched switch is put back and read back',
    status: 202,
  },
  suspend: {
    path: '/api/v1/executions/{execution}/suspend',
    action: 'execution.stop',
    summary: 'Have an execution rest at its next safe point; nothing is undone',
    status: 202,
  },
  resume: {
    path: '/api/v1/executions/{execution}/resume',
    action: 'execution.start',
    summary: 'Go on with an execution; every switch is first asked for its state',
    status: 202,
  },
  redrive: {
    path: '/api/v1/executions/{execution}/redrive',
    action: 'execution.start',
    summary: 'Start a failed execution again from where it failed',
    status: 202,
  },
  rollback: {
    path: '/api/v1/executions/{execution}/rollback',
    action: 'execution.start',
    summary: 'Undo a finished change: its inverse is planned on the switches as they are, and waits for approval',
    status: 202,
  },
  'stop-all': {
    path: '/api/v1/stop-all',
    action: 'execution.stop',
    summary: 'End every open execution that whoever asks may stop',
    output: document('StoppedAll', {
      asked: texts,
      refused: z.array(z.looseObject({ execution: text, detail: text })),
    }),
    status: 202,
  },
  signal: {
    path: '/api/v1/signals',
    action: 'execution.start',
    summary: 'Answer in the place of an outside system, with the token that a task was given',
    output: document('SignalTaken', { execution: text, state: text, signal: text }),
  },
  check: {
    path: '/api/v1/check-runs',
    action: 'task.verify',
    summary: 'Verify switches once by the catalog of the project; reads only',
    output: document('CheckResults', {
      summary: z.looseObject({}),
      results: z.array(z.looseObject({ device: text, check: text })),
    }),
  },
  drift: {
    path: '/api/v1/drift-checks',
    action: 'task.snapshot',
    summary: 'Compare switches with their last confirmed configuration; reads only',
    output: document('Drift', { devices: z.array(z.looseObject({ name: text, state: text })) }),
    shown: async ({ app, drift }, caller, found) => {
      await drift.take(found, new Date(app.clock.now()).toISOString())
      return driftFor(app, caller, found)
    },
  },
  snapshot: {
    path: '/api/v1/snapshots',
    action: 'task.snapshot',
    summary: 'Keep the configurations and the state of switches',
    output: document('SnapshotTaken', {
      name: text,
      takenAt: text,
      devices: texts,
      missing: texts,
      baseline: texts.describe('The switches that are compared with it from now on.'),
      still: z
        .array(z.looseObject({ name: text }))
        .describe('The others, with what they are still compared with; without a source that is nothing.'),
      notices: texts.describe('The switches about which it ends notices.'),
      denied: texts.describe('Why it does not do what a snapshot can do.'),
    }),
    shown: ({ app }, caller, taken) => snapshotFor(app, caller, taken),
  },
} satisfies { readonly [Name in ActName]?: ActRoute }

export const actRoutes: readonly Route[] = Object.entries(ACT_ROUTES).map(([act, route]) =>
  actRoute(act as ActName, route),
)

function withoutOwn<Shape extends z.ZodRawShape>(shape: Shape): Omit<Shape, 'origin' | 'session'> {
  const { origin: _origin, session: _session, ...given } = shape as Shape & Record<'origin' | 'session', z.ZodType>
  return given
}

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
