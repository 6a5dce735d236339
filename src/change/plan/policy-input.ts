import { z } from 'zod'
import { definedMembers } from '../../model/json.ts'
import { type ApprovalDemand, PROOFS } from '../policy/approval-case.ts'
import type { GateReading } from '../policy/gate-answer.ts'
import { principal } from '../record/event/record-schema.ts'
import { linesRead } from './change-read.ts'
import type { PlanDefinition } from './definition.ts'
import { planDigest, sealedPlan } from './make-plan.ts'
import type { Plan, ShownPlan } from './plan.ts'

const text = z.string()

const line = z.strictObject({
  text: text.describe('The line with the commands that it is under, redacted.'),
  kind: text.nullable().describe('Its kind by docs/reference/change-kinds.md; null: of no known kind.'),
  known: z.boolean().describe('Whether the table of the syntax has its words.'),
  removes: z.boolean().describe('Whether something goes away by it.'),
})

const demand = z.strictObject({
  by: text.describe('The id of a rule, or `workflow`.'),
  count: z.int().min(1),
  from: z.array(text),
  distinct: z.enum(['person', 'identity']),
  notRequester: z.boolean(),
  notRunner: z.boolean(),
  knownRequester: z.literal(true).exactOptional(),
  proof: z.array(z.enum(PROOFS)).exactOptional(),
  maxAge: z.number().min(0).exactOptional().describe('Milliseconds.'),
  carry: z
    .strictObject({ kinds: z.array(text).readonly() })
    .exactOptional()
    .describe('The kinds of lines over which it carries.'),
  forUnknown: z.literal(true).exactOptional(),
})

/** What an outside judge of policies is given of a plan: one document, version 1. It holds no secret: the plan is redacted. */
export const policyInputSchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.literal('policy-input'),
    plan: text.describe('The digest of the plan, without what a gate of the policy has said of it.'),
    policy: text.nullable().describe('The digest of the policy that it was made under; null without one.'),
    requesters: z.array(principal.omit({ authenticatedAt: true })),
    workflow: z.strictObject({
      name: text,
      file: text,
      params: z.record(text, z.json()),
      commit: text.exactOptional(),
    }),
    offline: z.boolean(),
    lasts: z.number().min(0).describe('For how many milliseconds windows must be open when it begins.'),
    waves: z.array(z.array(text).readonly()),
    atomic: z.enum(['change', 'wave', 'device']),
    allow: z.array(text),
    switches: z.array(
      z.strictObject({
        name: text,
        tags: z.record(text, text),
        eos: text,
        mode: z.enum(['merge', 'replace']),
        size: z.int().min(0).describe('How many lines are typed, or change, whichever is more.'),
        lines: z.array(line),
      }),
    ),
    warnings: z.array(z.strictObject({ code: text, device: text.exactOptional(), message: text })),
    rules: z
      .array(z.strictObject({ rule: text, matches: z.boolean(), because: text }))
      .describe('What the rules of the policy that read the change make of it.'),
    approvals: z.array(demand).describe('What is demanded of whoever asks for this document, if they run the plan.'),
  })
  .meta({ id: 'policy-input', title: 'eosflow policy input' })

export type PolicyInput = z.output<typeof policyInputSchema>

interface PolicyView {
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly lasts: number
  readonly approvals: readonly ApprovalDemand[]
}

export function policyInput(plan: ShownPlan, { tags, lasts, approvals }: PolicyView): PolicyInput {
  const { digest, content } = withoutGate(plan)
  const { name, file, params, commit } = content.workflow
  return {
    version: 1,
    kind: 'policy-input',
    plan: digest,
    policy: content.policy,
    requesters: content.requesters.map((one) => ({ ...one })) as PolicyInput['requesters'],
    workflow: {
      name,
      file,
      params: params as PolicyInput['workflow']['params'],
      ...definedMembers({ commit }),
    },
    offline: content.offline,
    lasts,
    waves: content.waves.map((wave) => [...wave]),
    atomic: content.atomic,
    allow: [...content.allow],
    switches: content.devices.map((device) => {
      const { lines, size } = linesRead(device)
      return {
        name: device.name,
        tags: { ...(tags[device.name] ?? {}) },
        eos: device.identity.eos,
        mode: device.mode,
        size,
        lines: lines.map(({ text: said, kind, isKnown, removes }) => ({
          text: said,
          kind: kind ?? null,
          known: isKnown,
          removes,
        })),
      }
    }),
    warnings: content.warnings.map((one) => ({ ...one })),
    rules: (content.ruleReadings ?? []).map((one) => ({ ...one })),
    approvals: approvals.map(({ from, proof, ...one }) => ({
      ...one,
      from: [...from],
      ...(proof === undefined ? {} : { proof: [...proof] }),
    })),
  }
}

/** A plan as its gate is asked about it: without what a gate has said, so that it is the same when it is made and before each push. */
export function withoutGate<P extends ShownPlan>(plan: P): P {
  const { gate, ...content } = plan.content
  return gate === undefined ? plan : { ...plan, content, digest: planDigest(content) }
}

export function withGate(definition: PlanDefinition, { seal: _, ...plan }: Plan, reading: GateReading): Plan {
  const content = { ...plan.content, gate: [reading] }
  return sealedPlan(definition, { ...plan, content, digest: planDigest(content) })
}
