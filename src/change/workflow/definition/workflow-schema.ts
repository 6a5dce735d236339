import { z } from 'zod'
import { CHECKPOINT_RULES } from '../../../model/checkpoint-rule.ts'
import type { Problem } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import { scopes } from '../../../model/principal.ts'
import { duration, formatDuration, shown } from '../../../text/source/duration.ts'
import { withMember, withNotBuilt } from '../../../text/source/explain-issue.ts'
import { keyPlaceOf, type LocatedValue, placeOf } from '../../../text/source/located.ts'
import { shortName } from '../../../text/source/short-name.ts'
import { paramNameSchema, paramSchema } from '../param/schema.ts'
import { aroundSchema } from '../schema/around-schema.ts'
import { changeSchema } from '../schema/change-schema.ts'
import { probeSchema } from '../schema/probe-schema.ts'
import { putBackSchema } from '../schema/put-back.ts'
import { rolloutSchema } from '../schema/rollout-schema.ts'
import { STATE_AREAS } from '../schema/state-areas.ts'
import { statesSchema } from '../schema/states-schema.ts'
import type { CheckCall, Workflow } from './workflow.ts'
import type { WorkflowKey } from './workflow-key.ts'

const thing = z.union([z.string().min(1).max(200), z.int()])
const things = z.union([thing, z.array(thing).max(4096)])
const amount = z.union([
  z.number().min(0),
  z.string().regex(/^(?:\d{1,9}(?:\.\d{1,6})?\s?(?:%|dB)?|\{\{.*\}\})$/, 'a number, a percentage such as 2%, or 1 dB'),
])

const areaExpectation = z
  .strictObject({
    added: shown(things.optional(), 'What must be there that was not.', ['{{ vlan }}']),
    removed: shown(things.optional(), 'What must not be there that was.', [120]),
    changed: shown(things.optional(), 'What must be there as before, and be another now.', ['Ethernet3 link']),
    allowed: shown(things.optional(), 'What may come, go or change, and need not.', ['Ethernet4*']),
    tolerance: shown(
      z.union([amount, z.record(z.string().min(1), amount)]).optional(),
      'How far its quantities may move: `2%`, `1 dB`, 10, or each by its name.',
      '2%',
    ),
  })
  .describe('What becomes of this state area.')

type AreaName = (typeof STATE_AREAS)[number]

const areas = Object.fromEntries(STATE_AREAS.map((area) => [area, areaExpectation.optional()])) as Readonly<
  Record<AreaName, z.ZodOptional<typeof areaExpectation>>
>

// `expect:` of the verify step: what should differ from the state before the change, and whether nothing else may.
const expectSchema = shown(
  z.strictObject({
    ...areas,
    everythingElse: z
      .literal('unchanged')
      .optional()
      .describe('Nothing else differs in the areas that the snapshot reads, nor in running-config.'),
  }),
  'What should differ from the state before the change.',
  { vlan: { added: ['{{ vlan }}'] }, everythingElse: 'unchanged' },
)

export type Expect = z.output<typeof expectSchema>

export const EXPECTED_CHANGE = 'expected-change'

export function expectProblems(expect: Expect, located: LocatedValue, read: readonly string[]): readonly Problem[] {
  const { everythingElse, ...named } = expect
  if (Object.keys(named).length === 0 && everythingElse === undefined) {
    const hint = 'write `everythingElse: unchanged`, or what should differ: `vlan: { added: [120] }`'
    return [{ code: 'nothing-expected', message: '`expect` expects nothing', at: placeOf(located), hint }]
  }
  const unread = Object.keys(named).filter((area) => !read.includes(area))
  if (unread.length === 0 && read.length === 0) {
    const hint = 'name what must stay as it is: `snapshot: { state: [interfaces, bgp, lldp] }`'
    const message = '`everythingElse` is about the areas that the snapshot reads, and it reads none'
    return [{ code: 'expect-needs-state', message, at: keyPlaceOf(located, ['everythingElse']), hint }]
  }
  return unread.map((area) => ({
    code: 'expect-needs-state',
    message: `\`expect\` compares \`${area}\` with the state before the change, and the snapshot does not read it`,
    at: keyPlaceOf(located, [area]),
    hint: `add it: \`snapshot: { state: [${[...read, ...unread].join(', ')}] }\``,
  }))
}

export function expectCall(expect: Expect, located: LocatedValue, read: readonly string[]): CheckCall {
  const { everythingElse, ...expected } = expect
  const input = { areas: everythingElse === undefined ? Object.keys(expected) : read, expected, everythingElse }
  return {
    name: EXPECTED_CHANGE,
    input: withoutUndefined(input),
    at: placeOf(located),
    written: located,
  }
}

function withoutUndefined(value: object) {
  return JSON.parse(JSON.stringify(value)) as Json
}

const DAY = 86_400
// The time between two looks, in seconds, unless the workflow says so.
const EVERY = 600

// For how long the checks of a change are judged on after its confirm, as a workflow file says it under `after`.
const afterSchema = z
  .strictObject({
    checks: duration(600, 14 * DAY, '24h').describe(
      'For how long the checks and the outside judges of `verify` are judged on after the confirm.',
    ),
    every: duration(60, 14 * DAY, '10m')
      .default(EVERY)
      .describe('The time from one look to the next.'),
  })
  .describe(
    'The checks and the judges of `verify` are judged on by a schedule after the confirm. The first failure is a notice; nothing is put back by itself.',
  )

export function afterProblems(
  { after, checks, called }: Pick<Workflow, 'after' | 'called' | 'checks'>,
  located: LocatedValue,
): readonly Problem[] {
  if (after === undefined) return []
  const isNeverLooked = after.every > after.checks
  const isNothing = checks.length === 0 && !called.some(({ key }) => key.judges)
  return [
    ...(isNeverLooked
      ? [
          {
            code: 'after-every',
            message: `the checks are kept for ${formatDuration(after.checks)}, and the first look would be after ${formatDuration(after.every)}`,
            at: placeOf(located, ['after', 'every']),
            hint: 'make `every` at most as long as `checks`',
          },
        ]
      : []),
    ...(isNothing
      ? [
          {
            code: 'after-nothing',
            message: '`after` keeps what `verify` judges, and the workflow verifies nothing',
            at: keyPlaceOf(located, ['after']),
            hint: 'add `- verify: { checks: [...] }`, or delete `after`',
          },
        ]
      : []),
  ]
}

const check = shown(
  z.union([z.string(), z.record(z.string(), z.json())]),
  'The name of a check, or `{ name: its input }`.',
  'bgp-established',
)

export const STEP_INPUTS = {
  snapshot: z
    .strictObject({
      state: shown(z.array(z.enum(STATE_AREAS)).default([]), 'Areas of operational state to read and compare.', [
        'interfaces',
        'bgp',
      ]),
      neighbors: shown(
        z.int().min(0).max(200).optional(),
        'How many neighbours of the switches are read and watched too, found by the area `lldp`. Without it 50 where `verify` has `expect`, else none.',
        8,
      ),
    })
    .describe('Reads every switch before anything is done.'),
  plan: z.strictObject({}).describe('Computes the exact change of every switch.'),
  approve: z
    .strictObject({
      from: shown(z.array(z.string().min(1)).min(1).optional(), 'Groups of the policy that may approve.', [
        'net-leads',
      ]),
      count: z.int().min(1).default(1).describe('How many approvals it takes.'),
      notRequester: z.boolean().default(false).describe('Whether the person who made the plan may not approve it.'),
      expires: duration(60, 604_800, '4h').default(14_400).describe('How long an approval holds.'),
    })
    .describe('Waits for a decision about this very plan.'),
  push: z
    .strictObject({
      confirmWithin: duration(10, 86_400, '10m')
        .default(600)
        .describe("The switch's commit timer: unconfirmed, it puts itself back."),
    })
    .describe('Commits the change under the commit timer.'),
  verify: withNotBuilt(
    z.strictObject({
      within: duration(1, 86_400, '3m')
        .optional()
        .describe(
          'How long the network may take to be good. Without it 3m, and as much longer as `stableFor` is derived.',
        ),
      stableFor: duration(0, 86_400, '30s')
        .optional()
        .describe(
          'How long it must stay good. Without it at least 30s, derived from the protocol timers of the switches.',
        ),
      every: duration(1, 3600, '5s').default(5).describe('Time between two rounds of checks.'),
      checks: shown(
        z.array(check).min(1).optional(),
        'What must be good. Only where `expect` or `judges` is there may it be left out.',
        ['bgp-established'],
      ),
      expect: expectSchema.optional(),
      latency: shown(
        z.int().min(1).max(60_000).optional(),
        'By how many milliseconds the way to the switch may have become longer than it was at the snapshot; not judged without it.',
        250,
      ),
    }),
    'catalog',
    'retry',
    'everythingElse',
  ).describe('Watches each switch until its checks are good and stay so.'),
  confirm: z.strictObject({}).describe('Confirms the commits of all switches, then saves the startup-config of each.'),
  wait: duration(1, 86_400, '30s').describe('Lets time pass.'),
} as const

export type StepName = keyof typeof STEP_INPUTS

export const STEPS_NOT_BUILT: readonly string[] = [
  'rollback',
  'check',
  'exec',
  'choice',
  'parallel',
  'map',
  'pass',
  'succeed',
  'fail',
  'notify',
  'save',
]

const extended = new WeakMap<readonly WorkflowKey[], typeof STEP_INPUTS>()

/** The inputs of steps, with the keys that features bring. */
export function stepInputs(keys: readonly WorkflowKey[]): typeof STEP_INPUTS {
  const known = extended.get(keys)
  if (known !== undefined) return known
  const inputs: Record<string, z.ZodType> = { ...STEP_INPUTS }
  for (const { name, in: step, schema, before } of keys) {
    const input = inputs[step]
    if (input !== undefined) inputs[step] = withMember(input, name, schema.optional(), before)
  }
  extended.set(keys, inputs as typeof STEP_INPUTS)
  return inputs as typeof STEP_INPUTS
}

const step = (inputs: typeof STEP_INPUTS) =>
  z.union([
    z.enum(['snapshot', 'plan', 'approve', 'push', 'confirm']),
    ...Object.entries(inputs).map(([name, input]) => z.strictObject({ [name]: input })),
  ])

// The shape of a workflow file around its steps or states, which `step` and `states` judge.
const workflowFile = <Step extends z.ZodType, States extends z.ZodType>(step: Step, states: States) =>
  withNotBuilt(
    z.strictObject({
      version: z.literal(1).default(1),
      name: shown(shortName, 'Letters, digits, `.`, `_` and `-`.', 'add-vlan'),
      description: z.string().optional(),
      params: z
        .record(paramNameSchema, paramSchema)
        .default({})
        .describe('What is given at `plan` or `run`: -p vlan=120.'),
      targets: shown(z.string().min(1), 'Which switches: a name, a glob, `tag:value`, with and, or, not.', 'role:leaf'),
      change: changeSchema,
      rollout: rolloutSchema,
      steps: shown(
        z.array(step).min(1).optional(),
        'What is done, in order. Exactly one of `steps` and `states` is there.',
        ['snapshot', 'plan', 'push', '...'],
      ),
      startAt: shown(z.string().optional(), 'The first of the states.', 'TakeSnapshot'),
      states: states
        .optional()
        .describe('What is done, as a state machine in the words of Amazon States Language, with JSONata.'),
      timeout: duration(60, 31_536_000, '2h')
        .optional()
        .describe('How long an execution may take, waiting for approvals included; then it is undone.'),
      onFailure: withNotBuilt(z.enum(['rollback']).default('rollback'), 'keep', 'pause', 'stop').describe(
        'Every touched switch is put back and read back.',
      ),
      rollback: putBackSchema.optional(),
      probe: probeSchema,
      around: aroundSchema,
      after: afterSchema.optional(),
      checkpoints: z
        .enum(CHECKPOINT_RULES)
        .optional()
        .describe(
          'Whether checkpoints that earlier changes have left on a switch are deleted with this one. `eosflow.yaml` says it otherwise.',
        ),
      permissions: shown(
        z.array(z.enum(scopes)).min(1).optional(),
        'What the states may need, and no more: a ceiling under the policy.',
        ['task.snapshot', 'task.plan'],
      ),
      allow: z
        .array(z.enum(['management', 'users', 'boot', 'schedule', 'unknown-lines', 'foreign-removals']))
        .default([])
        .describe(
          'What the change may hold besides: `management`: the path by which eosflow reaches the switch; `users`: users, passwords and keys of the switch; `boot`: another image or password of Aboot; `schedule`: commands by the clock; `unknown-lines`: commands that eosflow does not know; `foreign-removals`: a whole configuration that takes lines away which nobody on record has written.',
        ),
    }),
    'expect',
    'redrive',
    'retry',
    'catch',
    'assign',
    'window',
    'locks',
    'notify',
    'secrets',
    'extends',
  ).meta({
    id: 'workflow',
    title: 'eosflow workflow',
    oneOf: [{ required: ['steps'] }, { required: ['startAt', 'states'] }],
  })

export function workflowSchema(keys: readonly WorkflowKey[]) {
  return workflowFile(step(stepInputs(keys)), statesSchema)
}

/** The same with steps and states left open: the compiler judges each by its own schema, so that a fault names the step. */
export const outlineSchema = workflowFile(z.json(), z.json())

export type WorkflowOutline = z.output<typeof outlineSchema>
