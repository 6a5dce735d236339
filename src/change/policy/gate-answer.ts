import { z } from 'zod'
import type { DeepReadonly } from '../../model/json.ts'
import { readJson } from '../../text/source/json.ts'
import { programCommand, programVariables } from '../../text/source/program-schema.ts'
import { parseWith, serviceHeaders, serviceUrl } from '../../text/source/yaml.ts'
import type { ApprovalDemand } from './approval-case.ts'

const seconds = z.int().min(1).max(60).default(10).describe('How many seconds it may take; after that it is a denial.')

const program = z.strictObject({
  command: programCommand()
    .describe('The program and its arguments. The plan is its input, and it prints its answer. No shell is used.')
    .meta({ examples: [['/usr/local/bin/opa', 'eval', '--stdin-input', '--format', 'raw', 'data.eosflow.gate']] }),
  env: programVariables,
  timeout: seconds,
})

const service = z.strictObject({
  url: serviceUrl('for example `https://opa.example.com/v1/data/eosflow/gate`')
    .describe(
      'What the plan is posted to, as `{"input": …}`; it answers `{"result": …}`. Its origin must be among `http: hosts:` of eosflow.yaml.',
    )
    .meta({ examples: ['https://opa.example.com/v1/data/eosflow/gate'] }),
  headers: serviceHeaders.meta({ examples: [{ Authorization: `Bearer \${env:OPA_TOKEN}` }] }),
  timeout: seconds,
})

// What is refused before it is one.
const NOWHERE = { url: '', headers: {}, timeout: 1 }

/** `gate:` of `policy.yaml`: who is asked besides about every plan, when it is made and before each push. */
export const gateSchema = z
  .strictObject({ exec: program.optional(), http: service.optional() })
  .refine(({ exec, http }) => (exec === undefined) !== (http === undefined), {
    error: 'a gate is a program or a service',
    params: { code: 'gate-way', hint: 'keep one of `exec` and `http`' },
  })
  .transform(({ exec, http }): Gate => (exec === undefined ? { http: http ?? NOWHERE } : { exec }))

export type Gate = { readonly exec: z.output<typeof program> } | { readonly http: z.output<typeof service> }

const said = z
  .string()
  .min(1)
  .max(500)
  .regex(/^\P{C}*$/u, 'one line of text')
const role = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'the name of a role')

/** The schema of why a gate says what it says: at least one line. */
export const gateReasons = z.array(said).min(1).max(20)

export const approvalsOfGate = z.strictObject({
  count: z.int().min(1).max(20).describe('How many approvals, each of another person.'),
  from: z
    .array(role)
    .max(20)
    .default([])
    .describe('Roles of the policy whose members count; without it whoever may approve.'),
})

const common = {
  version: z.literal(1),
  bundle: z
    .string()
    .min(1)
    .max(200)
    .regex(/^\P{C}*$/u, 'one line of text')
    .exactOptional()
    .describe('What it decided by, as its digest or revision. It is put on record.'),
}

/** The schema of what a gate answers (docs/gates.md#the-answer): one document, version 1. */
export const gateAnswerSchema = z
  .discriminatedUnion('decision', [
    z.strictObject({ ...common, decision: z.literal('allow'), reasons: gateReasons.exactOptional() }),
    z.strictObject({ ...common, decision: z.literal('deny'), reasons: gateReasons }),
    z.strictObject({
      ...common,
      decision: z.literal('require'),
      require: approvalsOfGate,
      reasons: gateReasons.exactOptional(),
    }),
  ])
  .meta({ id: 'gate-answer', title: 'Answer of a gate of eosflow' })

export type GateAnswer = z.output<typeof gateAnswerSchema>

export type GateHeard = { readonly answer: GateAnswer } | { readonly fault: string }

/** What a gate has said, as plans hold it. */
export const gateReadingSchema = z.strictObject({
  input: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hex digits'),
  decision: z.enum(['allow', 'require']),
  reasons: z.array(z.string()).exactOptional(),
  require: z.strictObject({ count: z.int().min(1), from: z.array(z.string()) }).exactOptional(),
  bundle: z.string().exactOptional(),
})

export type GateReading = DeepReadonly<z.output<typeof gateReadingSchema>>

export const GATE = 'gate'

/** Reads what a gate has answered: a document, or one under `result` as OPA's Data API has it. `roles`: those of the policy. */
export function readGateAnswer(content: Uint8Array, roles: readonly string[], isUnderResult: boolean): GateHeard {
  const read = readJson(content, 'answer')
  if (!read.ok) return malformed(read.problems[0]?.message)
  const parsed = isUnderResult
    ? parseWith(
        z.looseObject({ result: gateAnswerSchema }).transform(({ result }) => result),
        read.value,
      )
    : parseWith(gateAnswerSchema, read.value)
  if (!parsed.ok) return malformed(parsed.problems[0]?.message)
  const answer = parsed.value
  const unknown = answer.decision === 'require' ? answer.require.from.find((one) => !roles.includes(one)) : undefined
  return unknown === undefined ? { answer } : malformed(`the policy has no role \`${unknown}\``)
}

function malformed(why = 'it is no JSON'): GateHeard {
  return { fault: `its answer is malformed: ${why}` }
}

export function gateDemands(readings: readonly GateReading[]): readonly ApprovalDemand[] {
  return readings.flatMap(({ require }) => (require === undefined ? [] : [demandOfGate(require)]))
}

/** Why a plan may not be sent by what its gate answers now; undefined where it may. `planned`: what the plan shows. */
export function deniedByGate(heard: GateHeard, planned: readonly GateReading[]): string | undefined {
  if ('fault' in heard) return `the gate of the policy gave no answer, which is a denial: ${heard.fault}`
  const { answer } = heard
  if (answer.decision === 'deny') return `the gate of the policy denies this plan: ${answer.reasons.join('; ')}`
  if (answer.decision === 'allow') return undefined
  const { count, from } = answer.require
  if (planned.some(({ require }) => require !== undefined && covers(require, answer.require))) return undefined
  const who = from.length === 0 ? '' : ` of ${from.join(', ')}`
  return `the gate of the policy demands ${count} ${count === 1 ? 'approval' : 'approvals'}${who} now, and the plan does not show that`
}

// Whether who meets the first demand meets the second.
function covers(known: NonNullable<GateReading['require']>, now: NonNullable<GateReading['require']>) {
  const isFrom = now.from.length === 0 || (known.from.length > 0 && known.from.every((one) => now.from.includes(one)))
  return isFrom && known.count >= now.count
}

export function demandOfGate({ count, from }: NonNullable<GateReading['require']>): ApprovalDemand {
  return { by: GATE, count, from, distinct: 'person', notRequester: true, notRunner: false }
}

export const testedAnswer = z.union(
  [z.enum(['allow', 'none']), z.strictObject({ deny: gateReasons }), z.strictObject({ require: approvalsOfGate })],
  'the gate answers `allow`, `none`, `{ deny: [REASON] }` or `{ require: { count, from } }`',
)

export type TestedAnswer = z.output<typeof testedAnswer>
