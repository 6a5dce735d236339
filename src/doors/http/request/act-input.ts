import { z } from 'zod'
import { approvalFileSchema } from '../../../change/record/event/record-schema.ts'
import type { Json } from '../../../model/json.ts'
import { isTaskToken } from '../../../model/task-token.ts'
import { shown } from '../../../text/source/duration.ts'

const value = z.custom<Json>((given) => given !== undefined)
const word = z.string().min(1).max(200)
const reason = z.string().max(1_000).default('').describe('Why; it is on record.')
const execution = word.describe('The id of an execution.')
const key = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, '1 to 200 printable characters without blanks')
  .optional()
  .describe(
    'The same request with the same key gives the first execution. The header field Idempotency-Key says the same.',
  )
const targets = shown(
  z.string().min(1).max(10_000).optional(),
  'Selects switches, as `-t` of the command line does.',
  'role:leaf and not leaf4',
)
// The engine reads parameters on its own thread, and nothing may hold that up: so many characters of JSON are all parameters together, and so
// many they are.
const LONGEST_PARAMS = 65_536
const MOST_PARAMS = 200
const params = shown(
  z
    .record(z.string().min(1).max(200), value)
    .refine(isShort, {
      error: `parameters have at most ${LONGEST_PARAMS} characters`,
      params: { code: 'invalid-value', hint: 'shorten them' },
    })
    .refine((given) => Object.keys(given).length <= MOST_PARAMS, {
      error: `there are at most ${MOST_PARAMS} parameters`,
      params: { code: 'invalid-value', hint: 'leave out those that the workflow does not have' },
    })
    .default({}),
  'The parameters of the workflow.',
  { vlan: 140, label: 'PROD-CACHE' },
)
const change = {
  workflow: shown(word, 'The file of the workflow, from the root of the project.', 'workflows/add-vlan.yaml'),
  params,
  targets,
  skipUnreachable: z.boolean().default(false).describe('Leaves out switches that do not answer.'),
  key,
}
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'the whole digest of a plan')
const newest = z
  .int()
  .min(0)
  .optional()
  .describe('The newest record that whoever asks has seen of it, as If-Match says it.')

const base64url = z.string().regex(/^[\w-]{1,20000}$/, 'base64url')
const passkeyProof = z.strictObject({
  kind: z.literal('passkey'),
  credential: base64url,
  clientDataJSON: base64url,
  authenticatorData: base64url,
  signature: base64url,
})
const origin = word
const comment = z.string().max(1_000).default('')

// The largest output of a state, bytes of JSON: that of AWS Step Functions, whose machines run here.
const LONGEST_OUTPUT = 262_144
const LONE_SURROGATE = /[\ud800-\udfff]/u
const text = z.string().refine((given) => !LONE_SURROGATE.test(given), 'it holds half a character')
const output = value
  .refine((given) => Buffer.byteLength(JSON.stringify(given)) <= LONGEST_OUTPUT, `longer than ${LONGEST_OUTPUT} bytes`)
  .refine(isWhole, 'it holds half a character')

function isWhole(given: Json): boolean {
  if (typeof given === 'string') return !LONE_SURROGATE.test(given)
  if (typeof given !== 'object' || given === null) return true
  return Object.entries(given).every(([name, member]) => isWhole(name) && isWhole(member as Json))
}

function isShort(given: object) {
  try {
    return JSON.stringify(given).length <= LONGEST_PARAMS
  } catch {
    // It is nested more deeply than this can follow.
    return false
  }
}

export const actInputs = {
  plan: z.strictObject(change).meta({ id: 'PlanRequest' }),
  start: z.strictObject(change).meta({ id: 'StartRequest' }),
  'start-plan': z
    .strictObject({
      plan: digest,
      carry: z
        .boolean()
        .default(false)
        .describe('Of a plan that was made again: carries to it the approvals of the plan that people approved.'),
      key,
    })
    .meta({ id: 'StartPlanRequest' }),
  rebase: z.strictObject({ plan: digest, key }).meta({ id: 'RebaseRequest' }),
  decide: z
    .strictObject({
      plan: digest,
      signed: approvalFileSchema.optional().describe('A signed decision, as the command line writes it into a file.'),
      decision: z.enum(['approve', 'reject']).optional().describe('That of the local user, where nothing is signed.'),
      comment: z.string().max(1_000).optional(),
      challenge: word.optional().describe('The id of the challenge that is answered.'),
      proof: passkeyProof.optional().describe('What a browser gives for a passkey.'),
      session: word.optional(),
    })
    .refine(
      ({ signed, decision, proof }) => [signed, decision, proof].filter((one) => one !== undefined).length === 1,
      'one of `signed`, `decision` and `proof`',
    )
    .refine(
      ({ challenge, proof }) => (challenge === undefined) === (proof === undefined),
      'a proof answers a challenge',
    )
    .meta({ id: 'DecisionRequest' }),
  'request-approval': z.strictObject({ plan: digest, reason }),
  stop: z.strictObject({ execution, reason, newest, restored: z.boolean().default(false) }).meta({ id: 'StopRequest' }),
  'stop-all': z.strictObject({ reason }).meta({ id: 'StopAllRequest' }),
  suspend: z.strictObject({ execution, reason, newest }).meta({ id: 'SuspendRequest' }),
  resume: z.strictObject({ execution, newest, restored: z.boolean().default(false) }).meta({ id: 'ResumeRequest' }),
  redrive: z.strictObject({ execution, newest }).meta({ id: 'RedriveRequest' }),
  rollback: z.strictObject({ execution, targets, newest }).meta({ id: 'RollbackRequest' }),
  checkpoint: z.strictObject({ execution }),
  rehearse: z.strictObject({ plan: digest }).meta({ id: 'RehearsalRequest' }),
  rehearsal: z.strictObject({ plan: digest }),
  signal: z
    .strictObject({
      token: z.string().refine(isTaskToken, 'this is no task token').describe('The token that the task was given.'),
      output: output.optional().describe('What the task has given: it went well.'),
      error: text.max(1_000).optional().describe('The name of the error: it failed.'),
      cause: text.max(32_768).optional().describe('Why it failed.'),
      heartbeat: z.literal(true).optional().describe('It is still at work.'),
    })
    .refine(
      ({ output, error, cause, heartbeat }) =>
        [output !== undefined, error !== undefined || cause !== undefined, heartbeat === true].filter(Boolean)
          .length === 1,
      'one of `output`, `error` with `cause`, and `heartbeat`',
    )
    .meta({ id: 'SignalRequest' }),
  check: z
    .strictObject({
      tags: z.array(word).default([]).describe('Only checks that carry one of these tags.'),
      only: z.array(word).default([]).describe('Only checks of these names.'),
      since: word.optional().describe('The name of the snapshot that checks compare with.'),
      targets,
    })
    .meta({ id: 'CheckRequest' }),
  drift: z.strictObject({ targets }).meta({ id: 'DriftRequest' }),
  compare: z.strictObject({ before: word }),
  snapshot: z.strictObject({ name: word.optional(), targets }).meta({ id: 'SnapshotRequest' }),
  challenge: z
    .strictObject({
      plan: digest,
      decision: z.enum(['approve', 'reject']).default('approve'),
      comment,
      proof: z.literal('passkey').default('passkey'),
      origin,
      session: word,
    })
    .meta({ id: 'ChallengeRequest' }),
  'step-up': z.strictObject({ plan: digest, comment, origin, session: word }),
  'send-browser': z.strictObject({ issuer: word, origin }),
  'browser-back': z.strictObject({ id: word, query: z.string().max(10_000), session: word.optional() }),
  'logged-out': z.strictObject({ by: z.literal('provider').optional() }),
  freeze: z
    .strictObject({
      reason: z.string().min(1).max(1_000),
      until: z.string().min(1).max(40).optional().describe('A length from now, as 2h, or a time. Default: 8h.'),
    })
    .meta({ id: 'FreezeRequest' }),
  unfreeze: z
    .strictObject({
      reason: z.string().min(1).max(1_000),
      freeze: z.int().min(1).optional(),
      all: z.boolean().optional(),
    })
    .meta({ id: 'UnfreezeRequest' }),
  event: z.strictObject({
    path: word,
    address: word,
    headers: z.record(z.string(), z.string().max(8_192)),
    body: z.base64().optional().describe('The bytes as they came. Absent: they are too many.'),
    certificate: z.string().max(64).optional(),
  }),
  'pause-schedule': z.strictObject({ schedule: word, reason }).meta({ id: 'PauseScheduleRequest' }),
  'continue-schedule': z.strictObject({ schedule: word, reason }).meta({ id: 'ContinueScheduleRequest' }),
  'run-schedule': z.strictObject({ schedule: word }).meta({ id: 'RunScheduleRequest' }),
  'end-schedule': z.strictObject({ schedule: word, reason }).meta({ id: 'EndScheduleRequest' }),
  refuse: z.strictObject({
    needs: word,
    devices: z.array(z.string()).optional(),
    workflow: z.string().optional(),
    plan: z.string().optional(),
    leftOut: z.int().min(0).optional(),
  }),
} as const

export type ActName = keyof typeof actInputs

export type ActInput<Name extends ActName> = z.output<(typeof actInputs)[Name]>

export type RequestParams = Readonly<Record<string, Json>>
