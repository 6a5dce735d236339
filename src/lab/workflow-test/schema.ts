import { z } from 'zod'
import type { Workflow } from '../../change/workflow/definition/workflow.ts'
import type { GivenParams } from '../../change/workflow/param/read.ts'
import { STATE_AREAS } from '../../change/workflow/schema/state-areas.ts'
import type { Files } from '../../change/workflow/template/files.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import type { DeviceFault } from '../../eos/sim/fault/fault.ts'
import { faultSchema } from '../../eos/sim/fault/fault-schema.ts'
import type { Place } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { TrialAnswers, TrialKey } from '../../project/system/feature/feature.ts'
import { duration, parseDuration, shown } from '../../text/source/duration.ts'
import { withMember } from '../../text/source/explain-issue.ts'
import type { Path } from '../../text/source/located.ts'

// A moment of a test: a state by its name, or how long after the end of the change, while its checks are judged on.
const momentSchema = z
  .string()
  .regex(
    /^(?:[A-Z][A-Za-z0-9]*|\+(?:\d{1,5}[smhd])+)$/,
    'a state as `eosflow history` names it, or a time after the end such as `+2h`',
  )
  .meta({ examples: ['Push', '+2h'] })

/** How many seconds after the end of the change a moment is; undefined for a state. */
export function secondsAfter(moment: string | undefined): number | undefined {
  return moment?.startsWith('+') === true ? parseDuration(moment.slice(1)) : undefined
}

const answered = momentSchema
  .optional()
  .describe(
    'The state from whose beginning on it says so, or how long after the end: `+2h`; from the start without it. The last that has begun counts.',
  )

function answersOf({ answer, summary, example }: TrialKey) {
  const [first] = answer instanceof z.ZodObject ? Object.keys(answer.shape) : []
  const answers = z.array(withMember(answer, 'when', answered, first)).min(1)
  return shown(z.record(z.string().min(1), answers).default({}), summary, example)
}

export const NO_TEXT = 'none'

// What switches were meant to have before, by name: a file, or {@link NO_TEXT}.
const intendedSchema = shown(
  z.record(z.string(), z.string().min(1)).default({}),
  'The intended text that is on record of a switch before a `replace`, by switch: a file, or `none`. What it runs without it.',
  { leaf1: 'intended-before/leaf1.cfg' },
)

// What a test expects of the checks that are kept after the confirm.
const afterExpectation = shown(
  z.strictObject({
    in: duration(60, 1_209_600, '3h')
      .optional()
      .describe('How long after the end of the change it is looked at; when its time is over without it.'),
    state: z.enum(['watching', 'failed', 'unjudged', 'held', 'ended']).optional().describe('How the watch is.'),
    says: z.string().min(1).optional().describe('What `eosflow show` says of it, or a part of that.'),
    notices: z
      .array(z.enum(['after-failed', 'after-unjudged']))
      .optional()
      .describe('Every notice that was opened until then, in order.'),
  }),
  'What becomes of the checks that are kept after the confirm.',
  { in: '3h', state: 'failed', notices: ['after-failed'] },
)

/** How an execution can end in a test: the outcomes of the journal, `waiting` for a person, and `not-started` for bad input. */
export const ENDINGS = [
  'succeeded',
  'nothing-to-do',
  'tolerated',
  'rolled-back',
  'refused',
  'cancelled',
  'failed',
  'unknown',
  'waiting',
  'not-started',
] as const

export const LEFTOVERS = ['session', 'timer', 'unsaved'] as const

const path = z.string().min(1)
const text = z.string().min(1)
const state = z
  .string()
  .regex(/^[A-Z][A-Za-z0-9]*$/, 'a state as `eosflow history` names it')
  .meta({ examples: ['Push'] })

// Members of a mapping whose keys are switches: names, or globs such as `leaf*`.
const perSwitch = <Value extends z.ZodType>(value: Value) => z.record(z.string().min(1), value)

const when = momentSchema
  .optional()
  .describe(
    'The state at whose beginning it is set, or `Rollback`, or how long after the end of a change that is watched on: `+2h`; from the start without it.',
  )

const mayMiss = shown(
  z.boolean().optional(),
  'true: the case may pass although this fault disturbs nothing; else it fails then.',
  true,
)

// A fault as `fabric.yaml` writes it, and the state at which it is set.
const timedFault = z.discriminatedUnion('kind', extended()).transform(({ when: at, mayMiss: misses, ...fault }) => ({
  ...(at === undefined ? {} : { when: String(at) }),
  ...(misses === true ? { mayMiss: true } : {}),
  fault: definedMembers(fault) as unknown as DeviceFault,
}))

function extended() {
  const options: readonly z.ZodObject[] = faultSchema.in.options
  const timed = options.map((option) => option.extend({ when, mayMiss }))
  return timed as [(typeof timed)[number], ...typeof timed]
}

const approvals = shown(
  z.array(
    z.strictObject({
      by: shown(
        z.string().regex(/^[a-z][a-z0-9._-]{0,31}$/, 'the name of a person, in small letters'),
        'Who decides.',
        'ann',
      ),
      decision: z.enum(['approve', 'reject']).default('approve').describe('What they decide.'),
      after: duration(1, 604_800, '5h').optional().describe('How long they think about it.'),
      comment: z.string().default('').describe('What they write.'),
    }),
  ),
  'Decisions about the plan, one after the other. Without one nobody is asked, and the execution waits.',
  [{ by: 'ann', decision: 'approve' }],
)

const serviceAnswer = z
  .strictObject({
    to: shown(
      z
        .string()
        .regex(/^(?:\*|(?:GET|HEAD|POST|PUT|PATCH|DELETE|\*) \/\S*)$/, 'a method and a path, as `GET /api/devices*`')
        .optional(),
      'The requests that it is for: method and path with query, `*` for anything; every one without it.',
      'GET /api/tickets/*',
    ),
    status: z.int().min(200).max(599).default(200).describe('The status code.'),
    headers: z.record(text, z.string()).default({}).describe('Headers of the answer, by name.'),
    body: z.json().optional().describe('What it says: a text, or anything else as JSON.'),
    after: duration(1, 86_400, '5s').optional().describe('How long it takes.'),
    times: z.int().min(1).max(1000).optional().describe('How often it is given; then the next one is looked for.'),
    fails: z.enum(['unreachable', 'lost-answer']).optional().describe('Nothing arrives, or no answer comes back.'),
  })
  .refine(({ fails, body, status }) => fails === undefined || (body === undefined && status === 200), {
    error: 'an answer that fails says nothing',
    params: { hint: 'leave out `status` and `body`, or `fails`' },
  })

const services = shown(
  z
    .record(
      z.string().refine((key) => URL.canParse(key) && /^https?:/.test(key) && new URL(key).origin === key, {
        error: 'a service is named by scheme, host and port',
        params: { hint: 'write it as `https://tickets.example.net`' },
      }),
      z.array(serviceAnswer).min(1),
    )
    .default({}),
  'What services answer to `http` tasks, by scheme, host and port. A request that nothing here is for is refused.',
  { 'https://tickets.example.net': [{ to: 'POST /api/tickets', status: 201, body: { id: 7 } }] },
)

const running = z.strictObject({
  contains: shown(
    z.array(text).min(1).optional(),
    'Lines that must be there; deeper lines below one are looked for under it.',
    ['vlan 140\n   name PROD'],
  ),
  lacks: shown(z.array(text).min(1).optional(), 'Lines or blocks that must not be there.', ['vlan 140']),
  equals: shown(text.optional(), '`before`, or a file with the whole configuration.', 'before'),
})

const expectations = z
  .strictObject({
    outcome: z.enum(ENDINGS).optional().describe('How the execution ends.'),
    exit: shown(z.int().min(0).max(12).optional(), 'The exit code of `eosflow run`.', 0),
    error: shown(z.union([text, z.array(text).min(1)]).optional(), 'Texts that the error holds.', 'not good within 3m'),
    devices: shown(
      perSwitch(z.enum(['changed', 'unchanged', 'untouched', 'reverted', 'unknown'])).optional(),
      'Where each switch ends, as read from it.',
      { 'leaf*': 'changed' },
    ),
    network: shown(
      perSwitch(z.enum(['same', 'differs', 'unknown', 'not-looked-at'])).optional(),
      'What is said of the network of a switch that was put back, against what it was before.',
      { leaf1: 'differs' },
    ),
    cutOff: shown(
      z
        .record(
          z.string().min(1),
          z.string().regex(/^(?:0s|(?:<=|>=) ?\d{1,5}(?:\.\d)?s|gone before|not measured)$/, {
            error: '`0s`, a limit such as `<= 5s` or `>= 1s`, `gone before`, or `not measured`',
          }),
        )
        .optional(),
      'For how long users were cut off, by pairs of `probe` as the report names them, or globs of these.',
      { 'leaf1 to 10.0.250.13 vrf PROD': '<= 5s' },
    ),
    running: shown(perSwitch(running).optional(), 'What the running-config holds at the end.', {
      leaf1: { contains: ['vlan 140'] },
    }),
    state: shown(
      perSwitch(z.partialRecord(z.enum(STATE_AREAS), z.json())).optional(),
      'Members of the state areas at the end; null for one that must not be there.',
      { leaf1: { vlan: { '140': { status: 'active' } } } },
    ),
    checks: shown(
      perSwitch(z.record(z.string(), z.enum(['pass', 'fail', 'skip', 'error']))).optional(),
      'The last verdict of a check.',
      { leaf1: { 'bgp-established': 'fail' } },
    ),
    states: shown(
      z.array(state).optional(),
      'Every state that was entered, in the order of the first time; `Rollback` among them.',
      ['Snapshot', 'Plan', 'Approve'],
    ),
    calls: shown(z.array(text).optional(), 'Every request to a service, in order: method and address.', [
      'POST https://tickets.example.net/api/tickets',
    ]),
    after: afterExpectation.optional(),
    requests: shown(
      perSwitch(
        z.union([z.int().min(0), z.string().regex(/^<= ?\d+$/, 'a number, or a limit such as `<= 3`')]),
      ).optional(),
      'How many requests a switch was sent: a number, or `<= 9`.',
      { leaf1: '<= 9' },
    ),
    everythingElse: z
      .literal('unchanged')
      .optional()
      .describe('No line of any switch differs that the plan does not name.'),
    plan: shown(path.optional(), 'A file with the plan as it must be; `--update` writes it.', 'golden/add-vlan.txt'),
    leaves: shown(
      perSwitch(z.array(z.enum(LEFTOVERS)).min(1)).optional(),
      'What may be left on a switch: nothing without it.',
      { leaf2: ['timer'] },
    ),
  })
  .refine((expected) => Object.keys(expected).length > 0, {
    error: 'a test that expects nothing proves nothing',
    params: { hint: 'begin with `outcome: succeeded`' },
  })

const shared = {
  workflow: shown(
    path.optional(),
    'The workflow, beside this file or from the root of the project.',
    'workflows/add-vlan.yaml',
  ),
  fabric: shown(
    path.optional(),
    'The folder of the fabric, beside this file or from the root of the project.',
    'fabrics/dc1',
  ),
  params: shown(z.record(z.string(), z.json()).default({}), "Parameters of the workflow; a case's own win.", {
    vlan: 140,
  }),
  target: shown(text.optional(), 'Narrows the targets, as `-t` does.', 'leaf1 or leaf2'),
  approvals: approvals.optional(),
  setup: shown(
    z.record(z.string(), text).default({}),
    'Lines that switches have in both configurations before anything begins, by switch.',
    { leaf1: 'vlan 140' },
  ),
  files: shown(
    z.record(path, path).default({}),
    'Files that the workflow reads: its name for each, and the file that is read in its place.',
    { 'intended/leaf1.cfg': 'fabrics/dc1/leaf1/running-config' },
  ),
  intended: intendedSchema,
  services,
  cabling: shown(z.array(text).default([]), 'Cables that are plugged in besides those of the fabric.', [
    'leaf1:Ethernet10 - newhost:eth0',
  ]),
}

const testCase = z.strictObject({
  name: shown(z.string().min(1).max(120), 'What must be so, in a few words.', 'the VLAN reaches every leaf'),
  ...shared,
  faults: z.array(timedFault).default([]).describe('What goes wrong with the simulated switches, and when.'),
  interrupt: state.optional().describe('The state at whose beginning a person interrupts the execution.'),
  expect: shown(expectations, 'What must be true at the end.', { outcome: 'succeeded' }),
})

/** The shape of `tests/*.test.yaml`, with the keys by which features answer for their services. */
export function workflowTestSchema(trials: readonly TrialKey[]) {
  const withTrials = <T extends z.ZodType>(object: T) =>
    trials.reduce((all, trial) => withMember(all, trial.name, answersOf(trial), trial.before), object)
  const file = z.strictObject({
    version: shown(z.literal(1), 'The version of this format.', 1),
    ...shared,
    cases: shown(z.array(withTrials(testCase)).min(1), 'The tests; what is written above them holds for each.', [
      { name: 'it works', expect: { outcome: 'succeeded' } },
    ]),
  })
  return withTrials(file).meta({ id: 'workflow-test', title: 'eosflow workflow test' })
}

export type WorkflowTestFile = z.output<ReturnType<typeof workflowTestSchema>>
export type Expectations = z.output<typeof expectations>
export type Services = z.output<typeof services>
export type ServiceAnswer = z.output<typeof serviceAnswer>
type TimedFault = z.output<typeof timedFault>
type TestApproval = z.output<typeof approvals>[number]

export interface TestCase {
  readonly file: string
  readonly name: string
  readonly at: Place
  readonly workflow: Workflow
  readonly fabric: Fabric
  readonly given: GivenParams
  readonly target?: string
  readonly files: Files
  readonly approvals: readonly TestApproval[]
  readonly faults: readonly TimedFault[]
  /** What switches were meant to have before, by name, where that is not what they run; null: nothing is on record. */
  readonly intended: Readonly<Record<string, string | null>>
  readonly services: Services
  readonly trials: readonly (TrialAnswers & { readonly key: TrialKey })[]
  readonly interrupt?: string
  readonly expect: Expectations
  devicesOf(key: string): readonly string[]
  placeOf(path: Path): Place
  faultAt(index: number): Place
  pathOf(named: string): string
  readonly goldenPath?: string
}

export function caseTitle({ file, name }: Pick<TestCase, 'file' | 'name'>): string {
  return `${file} › ${name}`
}

export interface Texts {
  read(path: string): string | undefined
}

type SwitchMember = 'devices' | 'network' | 'running' | 'state' | 'checks' | 'requests' | 'leaves'

type SwitchExpectation<Member extends SwitchMember> = NonNullable<TestCase['expect'][Member]>[string]

/** What `judgeOne` says of every switch that a member of `expect` means. */
export function eachSwitch<Member extends SwitchMember, Said>(
  { expect, devicesOf }: TestCase,
  member: Member,
  judgeOne: (device: string, expected: SwitchExpectation<Member>, key: string) => readonly Said[],
): readonly Said[] {
  const entries = Object.entries(expect[member] ?? {}) as [string, SwitchExpectation<Member>][]
  return entries.flatMap(([key, expected]) => devicesOf(key).flatMap((device) => judgeOne(device, expected, key)))
}
