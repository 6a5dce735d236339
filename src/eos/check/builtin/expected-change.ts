import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import type { Reply } from '../../device/device.ts'
import { recordOf } from '../answer/by-name.ts'
import { type CheckContext, defineCheck, type StateArea } from '../area/define.ts'
import { stateAreas } from '../area/index.ts'
import { AreaExpectation, tolerancesOf } from '../expect/expectation.ts'
import { judgeArea } from '../expect/judge-area.ts'

const Input = z.strictObject({
  areas: z
    .array(z.string())
    .min(1)
    .refine((names) => names.every((name) => areaNamed(name) !== undefined), { error: 'expected names of state areas' })
    .describe('The state areas that are compared.')
    .meta({ examples: [['vlan', 'bgp']] }),
  expected: recordOf(AreaExpectation)
    .default({})
    .describe('What must become of each area, by its name.')
    .meta({ examples: [{ vlan: { added: [140] } }] }),
  everythingElse: z
    .literal('unchanged')
    .optional()
    .describe('Whatever is not named must be as it was; without it nothing is said about the rest.'),
  beside: z
    .boolean()
    .default(false)
    .describe('Whether the switch does not change itself: what is named may become so there, and need not.'),
})
type Input = z.output<typeof Input>

/** What `expect:` of a workflow comes to: the state is what it was before, but for what the change should make of it. */
export const expectedChange = defineCheck({
  name: 'expected-change',
  summary: 'What should differ from the state before the change does, and nothing else.',
  docs:
    'Compares state areas with the snapshot before the change. What is expected and did not happen fails, and with ' +
    '`everythingElse: unchanged` whatever happened and was not expected. A workflow writes it as `expect:` of `verify`. An ' +
    'area that was not read before, or could not be, fails; one that cannot be read now cannot be judged.',
  input: Input,
  example: { areas: ['vlan', 'bgp'], expected: { vlan: { added: [140] } }, everythingElse: 'unchanged' },
  commands: ({ areas }) => areas.flatMap((name) => areaNamed(name)?.commands ?? []),

  judge(input, replies, context) {
    const read = readingsOf(input, replies).map((reading) => found(input, context, reading))
    const reasons = read.flatMap((one) => one.reasons)
    const unread = read.flatMap((one) => one.unread)
    if (reasons.length === 0 && unread.length > 0) return { status: 'error', reason: unread.join('; ') }
    return passUnless([...reasons, ...unread], [`${input.areas.join(', ')} as expected`])
  },
})

function areaNamed(name: string) {
  return stateAreas.find((area) => area.name === name)
}

interface AreaReading {
  readonly area: StateArea
  readonly replies: readonly Reply[]
}

function readingsOf({ areas }: Input, replies: readonly Reply[]): readonly AreaReading[] {
  let at = 0
  return areas.flatMap((name) => {
    const area = areaNamed(name)
    if (area === undefined) return []
    const own = replies.slice(at, at + area.commands.length)
    at += area.commands.length
    return [{ area, replies: own }]
  })
}

interface Found {
  readonly reasons: readonly string[]
  readonly unread: readonly string[]
}

function found(
  { expected, everythingElse, beside }: Input,
  { baseline }: CheckContext,
  { area, replies }: AreaReading,
): Found {
  const { name, tolerances } = area
  const own = (Object.hasOwn(expected, name) ? expected[name] : undefined) ?? {}
  const before = Object.hasOwn(baseline, name) ? baseline[name] : undefined
  const after = area.read(replies)
  const compared = area.describe(before, after, tolerancesOf(own, tolerances))
  if (!compared.comparable) {
    // An area compared with itself is unreadable only where what was kept of it is.
    const isKept = area.describe(before, before).comparable
    return isKept ? { reasons: [], unread: [compared.text] } : { reasons: [compared.text], unread: [] }
  }
  const { changes } = compared
  const isElseUnchanged = everythingElse !== undefined
  return {
    reasons: judgeArea({ area: name, expected: own, changes, isElseUnchanged, isDemanded: !beside }),
    unread: [],
  }
}
