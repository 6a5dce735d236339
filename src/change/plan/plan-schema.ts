import { z } from 'zod'
import { CHECKPOINT_RULES } from '../../model/checkpoint-rule.ts'
import { COMMIT_ID } from '../../model/commit-id.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { type Problem, problemOf, type ValueOrProblems } from '../../model/problem.ts'
import { accept, refuse } from '../../text/source/checked.ts'
import { readJson } from '../../text/source/json.ts'
import { parseWith } from '../../text/source/parse-with.ts'
import { plannedAddress } from '../inventory/transports.ts'
import { gateReadingSchema } from '../policy/gate-answer.ts'
import { changeTerms, digest, principal } from '../record/event/record-schema.ts'
import { ANNOUNCED_RISKS } from './announced-risk.ts'
import { WITHOUT_INTENDED } from './intended.ts'
import type { Plan } from './plan.ts'
import { planEvidence } from './plan-evidence-schema.ts'

const text = z.string()
const json: z.ZodType = z.json()
const seconds = z.int().min(0)
const sealed = z.string().regex(/^hmac:[0-9a-f]{64}$/, 'expected hmac: and 64 hex digits')
const base64 = (bytes: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'base64')
    .refine((value) => Buffer.from(value, 'base64').length === bytes, `expected ${bytes} bytes in base64`)
const requester = principal.omit({ authenticatedAt: true })

const address = {
  host: text,
  port: z.int().min(1).max(65_535),
  sendEnable: z.literal(false).exactOptional(),
  answerSeconds: seconds.exactOptional(),
}

const identity = z.strictObject({ serial: text, systemMac: text, eos: text, model: text })

const diffLine = z.strictObject({ sign: z.enum(['+', '-', ' ']), text })

const device = z.strictObject({
  name: text,
  identity,
  inventory: z.strictObject({
    address: plannedAddress(address),
    credential: text,
    tags: z.record(text, text).exactOptional(),
  }),
  base: z.strictObject({
    running: sealed,
    startupEqualsRunning: z.boolean(),
    state: digest,
    kept: digest.exactOptional(),
  }),
  mode: z.enum(['merge', 'replace']),
  lines: z.array(text),
  linesHmac: sealed,
  diff: z.array(diffLine),
  diffHmac: sealed,
  unknownLines: z.array(text),
  offline: z.literal(true).exactOptional(),
  bootLines: z.array(text).min(1).exactOptional(),
  said: z
    .array(
      z.strictObject({
        at: z.int().min(1),
        line: text,
        says: text,
        risks: z.array(z.enum(ANNOUNCED_RISKS)).min(1).exactOptional(),
      }),
    )
    .min(1)
    .exactOptional(),
  kept: z.array(text).min(1).exactOptional(),
  foreign: z
    .strictObject({
      against: z.union([
        z.strictObject({ kind: z.literal('execution'), id: text }),
        z.strictObject({ kind: z.literal('snapshot'), name: text }),
        z.strictObject({ kind: z.enum(WITHOUT_INTENDED) }),
      ]),
      count: z.int().min(1),
      lines: z.array(diffLine).min(1).exactOptional(),
    })
    .exactOptional(),
  unsaved: z.strictObject({ count: z.int().min(1), lines: z.array(diffLine).min(1) }).exactOptional(),
})

const neighbor = z.strictObject({
  name: text,
  of: z.array(text),
  identity,
  state: digest,
  running: sealed.exactOptional(),
  good: z.array(z.int().min(0)),
})

const probe = z.strictObject({
  from: text,
  to: text,
  vrf: text,
  source: text.exactOptional(),
  every: seconds.min(1),
})

const judged = {
  service: text,
  url: text,
  scrape: seconds,
  by: text.exactOptional(),
  switches: z.record(text, z.array(text)).exactOptional(),
  mode: z.literal('observe').exactOptional(),
}

const judge = z.discriminatedUnion('judge', [
  z.strictObject({
    judge: z.literal('prometheus'),
    ...judged,
    query: text,
    good: text,
    empty: z.enum(['fail', 'pass', 'cannot-judge']),
    maxAge: seconds,
    window: seconds,
  }),
  z.strictObject({ judge: z.literal('alerts'), ...judged, labels: z.record(text, text) }),
])

const place = { service: text, url: text }

const around = z.discriminatedUnion('around', [
  z.strictObject({
    around: z.literal('silence'),
    ...place,
    matchers: z
      .array(z.strictObject({ name: text, value: z.string(), isRegex: z.boolean(), isEqual: z.boolean() }))
      .min(1),
    seconds,
  }),
  z.strictObject({ around: z.literal('annotation'), ...place, tags: z.array(text) }),
  z.strictObject({
    around: z.literal('ticket'),
    ...place,
    system: z.enum(['servicenow', 'jira']),
    ticket: text,
    table: text.exactOptional(),
    must: z.record(text, z.array(text).min(1)),
    close: z.record(text, text).exactOptional(),
  }),
  z.strictObject({ around: z.literal('journal'), ...place }),
  z.strictObject({ around: z.literal('secret'), ...place, path: text, field: text, length: z.int().min(1) }),
])

const content = z.strictObject({
  v: z.literal(3),
  kind: z.literal('eosflow.plan'),
  rebases: digest.exactOptional(),
  requesters: z.array(requester).min(1),
  workflow: z.strictObject({
    name: text,
    file: text,
    digest,
    params: z.record(text, json),
    commit: z.string().regex(COMMIT_ID, 'the id of a commit').exactOptional(),
  }),
  changeFile: changeTerms.exactOptional(),
  devices: z.array(device),
  inventory: z.strictObject({
    read: z.record(text, z.record(text, sealed)),
    only: text.exactOptional(),
    exact: z.literal(true).exactOptional(),
  }),
  waves: z.array(z.array(text)),
  redundant: z.array(z.tuple([text, text])).exactOptional(),
  redundantSides: z.array(z.tuple([z.array(text), z.array(text)])).exactOptional(),
  together: z.array(z.array(text)).exactOptional(),
  pairs: z
    .array(
      z.strictObject({
        switches: z.tuple([text, text]).readonly(),
        as: z.enum(['together', 'apart']),
        because: text,
      }),
    )
    .min(1)
    .exactOptional(),
  leftOut: z.array(z.strictObject({ name: text, by: z.enum(['maxFailures', 'skip-unreachable']) })).exactOptional(),
  canary: z.strictObject({ switches: z.array(text), soak: seconds }).exactOptional(),
  concurrency: z.int().min(1),
  atomic: z.enum(['change', 'wave', 'device']),
  otherSides: z
    .union([
      z.literal('off'),
      z.strictObject({
        uplinks: z.number().int(),
        sides: z
          .array(
            z.strictObject({
              switch: z.string(),
              partners: z.array(z.strictObject({ name: z.string(), because: z.string() })).readonly(),
              lines: z.array(z.string()).readonly(),
              more: z.number().int().exactOptional(),
            }),
          )
          .readonly(),
      }),
    ])
    .exactOptional(),
  underChange: z
    .array(
      z.strictObject({ budget: z.string(), max: z.number().int().min(1), switches: z.array(z.string()).readonly() }),
    )
    .readonly()
    .exactOptional(),
  maxFailures: z.union([z.int().min(0), z.string().regex(/^[1-9]\d?%$/, 'a percentage from 1% to 99%')]),
  timers: z.strictObject({ confirmWithin: seconds, verifyWithin: seconds, stableFor: seconds, every: seconds }),
  checks: json,
  judges: z.array(judge).min(1).exactOptional(),
  around: z.array(around).min(1).exactOptional(),
  probes: z.array(probe).min(1).exactOptional(),
  after: z.strictObject({ checks: seconds, every: seconds }).exactOptional(),
  neighbors: z.array(neighbor).exactOptional(),
  approve: z
    .strictObject({
      expires: seconds,
      from: z.array(text).exactOptional(),
      count: z.int().min(2).exactOptional(),
      notRequester: z.literal(true).exactOptional(),
    })
    .nullable(),
  onFailure: z.literal('rollback'),
  allow: z.array(text),
  policy: text.nullable(),
  branch: z.strictObject({ source: text, name: text, schema: text, lastSync: text.nullable() }).exactOptional(),
  ruleReadings: z
    .array(z.strictObject({ rule: text, matches: z.boolean(), because: text }))
    .min(1)
    .exactOptional(),
  gate: z.array(gateReadingSchema).min(1).exactOptional(),
  invariants: digest.exactOptional(),
  checkpoints: z.enum(CHECKPOINT_RULES).exactOptional(),
  secretRefs: z.array(text).exactOptional(),
  offline: z.boolean(),
  sites: z
    .array(z.strictObject({ site: text, plan: digest }))
    .min(1)
    .exactOptional(),
  warnings: z.array(z.strictObject({ code: text, device: text.optional(), message: text })),
  tool: z.strictObject({
    version: text,
    redaction: z.int(),
    volatile: z.int(),
    renderer: z.int(),
    interpreter: z.int(),
  }),
})

/** The plan file, version 3. */
export const planSchema = z
  .strictObject({
    version: z.literal(3),
    digest,
    content,
    evidence: planEvidence,
    seal: z.strictObject({ key: base64(32), own: sealed, signature: base64(64) }),
  })
  .describe('A plan: what will change on which switch, and the digest that an approval binds to.')

/** Whether it matches its digest is `requireIntact`'s question: a damaged file is a Problem, an altered one is stale. */
export function parsePlan(bytes: string | Uint8Array, file: string): ValueOrProblems<Plan> {
  const located = readJson(bytes, file)
  if (!located.ok) return located
  const { value } = located.value
  if (isJsonObject(value) && typeof value.version === 'number' && value.version !== 3)
    return refuse(otherVersion(file, value.version))
  return (plainPlan(value) ?? parseWith(planSchema, located.value)) as unknown as ValueOrProblems<Plan>
}

function plainPlan(value: Json): ValueOrProblems<unknown> | undefined {
  if (!isJsonObject(value) || !isJsonObject(value.evidence) || !isJsonObject(value.evidence.state)) return undefined
  const { state } = value.evidence
  const judged = planSchema.safeParse({ ...value, evidence: { ...value.evidence, state: {} } }, { jitless: true })
  if (!judged.success) return undefined
  return accept({ ...judged.data, evidence: { ...judged.data.evidence, state } })
}

function otherVersion(file: string, version: Json): Problem {
  const message = `a plan file of version ${JSON.stringify(version)}: this eosflow reads version 3`
  return problemOf(file, 'plan-version', message, 'Plan again.')
}
