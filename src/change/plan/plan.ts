import { z } from 'zod'
import type { DeviceAddress } from '../../eos/device/device.ts'
import { CHECKPOINT_RULES } from '../../model/checkpoint-rule.ts'
import { COMMIT_ID } from '../../model/commit-id.ts'
import { problemOf, type ValueOrProblems } from '../../model/error.ts'
import { type DeepReadonly, isJsonObject, type Json } from '../../model/json.ts'
import { withMember } from '../../text/source/explain-issue.ts'
import { readJson } from '../../text/source/json.ts'
import { accept, refuse } from '../../text/source/located.ts'
import { parseWith } from '../../text/source/yaml.ts'
import { plannedAddress } from '../inventory/transports.ts'
import { gateReadingSchema } from '../policy/gate-answer.ts'
import { changeTerms, digest, principal } from '../record/event/record-schema.ts'
import { behindSwitch } from '../task/act/behind.ts'
import type { WorkflowKey } from '../workflow/definition/workflow-key.ts'
import { ANNOUNCED_RISKS, type PlanWarningCode } from './announced-risk.ts'
import { WITHOUT_INTENDED } from './intended.ts'

export type PlanContent = DeepReadonly<z.output<typeof planContent>>

export type PlannedDevice = PlanContent['devices'][number]

/** Indented as EOS prints it. */
export type DiffLine = PlannedDevice['diff'][number]

export type PlannedPair = NonNullable<PlanContent['pairs']>[number]

export type PlannedNeighbor = NonNullable<PlanContent['neighbors']>[number]

export type PlanWarning = PlanContent['warnings'][number]

export type Requester = PlanContent['requesters'][number]

export type UnwarnedPlan = Omit<PlanContent, 'warnings'>

export interface Plan {
  readonly version: 3
  readonly digest: string
  readonly content: PlanContent
  readonly evidence: PlanEvidence
  readonly seal?: PlanSeal
}

export type ShownPlan = Omit<Plan, 'evidence'> & {
  readonly evidence: Omit<PlanEvidence, 'deviceDiffs' | 'state' | 'blocks'>
}

export type PlanSeal = z.output<typeof planSeal>

const text = z.string()
const json = z.json() as unknown as z.ZodType<Json>
const seconds = z.int().min(0)

export const planEvidence = z.strictObject({
  createdAt: z.iso.datetime(),
  store: text.exactOptional(),
  // Which protocol timer of which switch made `stableFor` as long as it is; absent where the workflow gives it.
  soak: z.strictObject({ seconds, device: text, protocol: text }).exactOptional(),
  // Seconds from the first push to the last confirm, and in each wave, if everything is good at once. `quiet`: only lines that can touch no traffic change, so that the network is watched for a short time.
  expected: z
    .strictObject({
      seconds,
      waves: z.array(seconds).min(1),
      // How many of the seconds the workflow waits.
      waits: seconds.exactOptional(),
      quiet: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  deviceDiffs: z.record(text, text),
  state: z.record(text, json),
  bases: z.record(text, text).exactOptional(),
  // The checkpoints that `prune` would delete now, by switch; absent where there is none.
  checkpoints: z.record(text, z.array(text)).exactOptional(),
  // What is behind what changes, by switch, as it was when the plan was made; `too-many` where it was not read for the number of switches.
  behind: z.union([z.literal('too-many'), z.record(text, behindSwitch)]).exactOptional(),
  // What an approver may want to know and no rule reads: security advisories that the lines switch on, kinds of lines that were never confirmed.
  notes: z
    .array(z.strictObject({ code: z.enum(['advisory', 'first-time']), devices: z.array(text), message: text }))
    .min(1)
    .exactOptional(),
  // Where the data of `inventory` were written, by switch and name: `inventory.yaml:12`.
  readAt: z.record(text, z.record(text, text)).exactOptional(),
  // The SHA-256 of each file that the change was made from, by its path: which one has changed since is said by it.
  files: z.record(text, text).exactOptional(),
  // Milliseconds that the snapshot waited for each switch; absent where it was not measured.
  roundTrips: z.record(text, z.number().min(0)).exactOptional(),
  // The switches that change and stream to CloudVision, by their configuration; absent where none does.
  cloudVision: z.array(text).min(1).exactOptional(),
})

export type PlanEvidence = DeepReadonly<z.output<typeof planEvidence>>

export type PlanNote = NonNullable<PlanEvidence['notes']>[number]
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
    address: plannedAddress(address) as z.ZodType<DeviceAddress>,
    credential: text,
    tags: z.record(text, text).exactOptional(),
  }),
  base: z.strictObject({
    running: sealed,
    startupEqualsRunning: z.boolean(),
    state: digest,
    // Digest of the base as the plan keeps it, if a rule of the policy lets an approval carry; absent if none does.
    kept: digest.exactOptional(),
  }),
  mode: z.enum(['merge', 'replace']),
  lines: z.array(text),
  linesHmac: sealed,
  diff: z.array(diffLine),
  diffHmac: sealed,
  unknownLines: z.array(text),
  // Computed by the configuration model, because the change holds a line that may not reach a switch before an approval.
  offline: z.literal(true).exactOptional(),
  // `boot` lines that differ from the switch's own, redacted: sent last, and no part of the diff.
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
  // Lines of the switch that stay because the workflow keeps them, each with the blocks that hold it, redacted.
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
  // What was not saved before the change, and is saved with it.
  unsaved: z.strictObject({ count: z.int().min(1), lines: z.array(diffLine).min(1) }).exactOptional(),
})

const neighbor = z.strictObject({
  name: text,
  of: z.array(text),
  identity,
  state: digest,
  // HMAC of its running-config, volatile lines aside; absent where that may change.
  running: sealed.exactOptional(),
  // Which of `checks` were good on it before the change, by their place in the list.
  good: z.array(z.int().min(0)),
})

const probe = z.strictObject({
  from: text,
  to: text,
  vrf: text,
  source: text.exactOptional(),
  every: seconds.min(1),
})

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

const planContent = z.strictObject({
  v: z.literal(3),
  kind: z.literal('eosflow.plan'),
  rebases: digest.exactOptional(),
  // A list, because a machine that plans for a person asks together with them.
  requesters: z.array(requester).min(1),
  workflow: z.strictObject({
    name: text,
    file: text,
    digest,
    params: z.record(text, json),
    // The commit that the workflow and its files are of; absent where they are those of the folder.
    commit: z.string().regex(COMMIT_ID, 'the id of a commit').exactOptional(),
  }),
  // What the change file says that asked for it: which file it was, its ticket, when it may begin and behind what.
  changeFile: changeTerms.exactOptional(),
  devices: z.array(device),
  inventory: z.strictObject({
    // `vars.asn` is a value, `keys(vars)` the keys of a mapping, `groups.DC1` whether it is in that group; under the switch `*` is which switches there are.
    read: z.record(text, z.record(text, sealed)),
    only: text.exactOptional(),
    // Whether exactly these switches were asked for, so that another one that fits is not missing.
    exact: z.literal(true).exactOptional(),
  }),
  waves: z.array(z.array(text)),
  // Redundant switches, which keep apart from each other unless the workflow says that they may share a wave.
  redundant: z.array(z.tuple([text, text])).exactOptional(),
  // Switches of two sides, each of which backs up one of the other side; nothing says which: the sides keep apart like redundant switches.
  redundantSides: z.array(z.tuple([z.array(text), z.array(text)])).exactOptional(),
  // Redundant switches that share a wave, because the workflow says that they may.
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
  // The switches that did not answer before the plan was made: it is not for them.
  leftOut: z.array(z.strictObject({ name: text, by: z.enum(['maxFailures', 'skip-unreachable']) })).exactOptional(),
  // The switches that go before all others, and for how many seconds they must stay good.
  canary: z.strictObject({ switches: z.array(text), soak: seconds }).exactOptional(),
  concurrency: z.int().min(1),
  atomic: z.enum(['change', 'wave', 'device']),
  // Before which switches it is asked whether what backs them up is fit to carry their traffic, and because of which lines: its uplinks must carry less than `uplinks` percent of what both carry. `off`: the workflow does not want it asked.
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
  maxFailures: z.union([
    z.int().min(0),
    z.string().regex(/^[1-9]\d?%$/, 'a percentage from 1% to 99%') as unknown as z.ZodType<`${number}%`>,
  ]),
  timers: z.strictObject({ confirmWithin: seconds, verifyWithin: seconds, stableFor: seconds, every: seconds }),
  checks: json,
  // What other services are asked before the first push, and what is done at them around the change; absent where there is nothing.
  around: z.array(around).min(1).exactOptional(),
  // They decide nothing; absent where there is none.
  probes: z.array(probe).min(1).exactOptional(),
  // For how long checks and judges are judged on after the confirm; absent where they are not.
  after: z.strictObject({ checks: seconds, every: seconds }).exactOptional(),
  neighbors: z.array(neighbor).exactOptional(),
  // What the workflow demands of an approval: roles of the policy, how many, and whether who made the plan may not give one.
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
  // The branch of a NetBox that the inventory was read from, and when that was last synced: it must be merged before the plan is run.
  branch: z.strictObject({ source: text, name: text, schema: text, lastSync: text.nullable() }).exactOptional(),
  ruleReadings: z
    .array(z.strictObject({ rule: text, matches: z.boolean(), because: text }))
    .min(1)
    .exactOptional(),
  // What the gate of the policy has said of it, once for each site.
  gate: z.array(gateReadingSchema).min(1).exactOptional(),
  // The digest of the invariants that it was judged by; absent where the project has none.
  invariants: digest.exactOptional(),
  // What becomes of the checkpoints that earlier changes have left: `prune` deletes those that nothing needs.
  checkpoints: z.enum(CHECKPOINT_RULES).exactOptional(),
  secretRefs: z.array(text).exactOptional(),
  offline: z.boolean(),
  sites: z
    .array(z.strictObject({ site: text, plan: digest }))
    .min(1)
    .exactOptional(),
  // Bound as it was found when the plan was made, and never found again: a save elsewhere makes no plan stale.
  warnings: z.array(
    z.strictObject({
      code: text as unknown as z.ZodType<PlanWarningCode>,
      device: text.optional() as unknown as z.ZodExactOptional<z.ZodString>,
      message: text,
    }),
  ),
  tool: z.strictObject({
    version: text,
    redaction: z.int(),
    volatile: z.int(),
    renderer: z.int(),
    interpreter: z.int(),
  }),
})

const planSeal = z.strictObject({
  // Its plan key: the raw public half, 32 bytes in base64.
  key: base64(32),
  // By `own`, over key, digest and evidence, each who has the install key knows the plan as one of this installation.
  own: sealed,
  // Ed25519 over the DSSE PAE of digest, evidence and `own`, in base64.
  signature: base64(64),
})

// The members of a plan's content that features claim.
const OF_FEATURES = new Set<string>([
  'after',
  'around',
  'changeFile',
  'gate',
  'invariants',
  'probes',
] satisfies (keyof PlanContent)[])

/** The members of a plan that neither the kernel nor one of these claims: what they demand, nobody here can keep. */
export function unclaimedMembers(content: PlanContent, claimed: ReadonlySet<string>): readonly string[] {
  const isKernel = (name: string) => isKernelMember(name) && !OF_FEATURES.has(name)
  return Object.keys(content).filter((name) => !isKernel(name) && !claimed.has(name))
}

export function isKernelMember(name: string): boolean {
  return Object.hasOwn(planContent.shape, name)
}

function planOf(content: typeof planContent) {
  return z
    .strictObject({
      version: z.literal(3),
      digest,
      content,
      evidence: planEvidence,
      seal: planSeal,
    })
    .describe('A plan: what will change on which switch, and the digest that an approval binds to.')
}

const NONE: readonly WorkflowKey[] = []

type PlanSchema = ReturnType<typeof planOf>
type ParsedPlan = z.output<PlanSchema>

const extended = new WeakMap<readonly WorkflowKey[], PlanSchema>()

/** The plan file, version 3, with the members that keys of features make. */
export function planSchema(keys: readonly WorkflowKey[]): PlanSchema {
  const known = extended.get(keys)
  if (known !== undefined) return known
  // The first of them stands before all others that are made of keys.
  const content = keys.reduce(
    (all, { name, part }) => withMember(all, name, part.exactOptional(), 'around'),
    planContent,
  )
  const made = planOf(content)
  extended.set(keys, made)
  return made
}

/** Whether it matches its digest is `requireIntact`'s question: a damaged file is a Problem, an altered one is stale. */
export function parsePlan(
  bytes: string | Uint8Array,
  file: string,
  keys: readonly WorkflowKey[] = NONE,
): ValueOrProblems<ParsedPlan> {
  const located = readJson(bytes, file)
  if (!located.ok) return located
  const { value } = located.value
  if (isJsonObject(value) && typeof value.version === 'number' && value.version !== 3)
    return refuse(otherVersion(file, value.version))
  const schema = planSchema(keys)
  return plainPlan(schema, value) ?? parseWith(schema, located.value)
}

function plainPlan(schema: PlanSchema, value: Json): ValueOrProblems<ParsedPlan> | undefined {
  if (!isJsonObject(value) || !isJsonObject(value.evidence) || !isJsonObject(value.evidence.state)) return undefined
  const { state } = value.evidence
  const judged = schema.safeParse({ ...value, evidence: { ...value.evidence, state: {} } }, { jitless: true })
  if (!judged.success) return undefined
  return accept({ ...judged.data, evidence: { ...judged.data.evidence, state } })
}

function otherVersion(file: string, version: Json) {
  const message = `a plan file of version ${JSON.stringify(version)}: this eosflow reads version 3`
  return problemOf(file, 'plan-version', message, 'Plan again.')
}
