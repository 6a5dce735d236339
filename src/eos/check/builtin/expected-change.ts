import { z } from 'zod'
import { passUnless } from '../../../model/error.ts'
import type { Reply } from '../../device/device.ts'
import { recordOf } from '../answer/show.ts'
import type { StateArea } from '../area/define-area.ts'
import { stateAreas } from '../area/index.ts'
import { type CheckContext, defineCheck } from '../define/define-check.ts'
import { AreaExpectation, DEMANDS, names, tolerancesOf } from '../expect/expectation.ts'
import type { StateChange } from '../finding/compare.ts'

interface AreaCase {
  readonly area: string
  readonly expected: AreaExpectation
  readonly changes: readonly StateChange[]
  readonly isElseUnchanged: boolean
  readonly isDemanded: boolean
}

function judgeArea(given: AreaCase): readonly string[] {
  return [...(given.isDemanded ? missing(given) : []), ...(given.isElseUnchanged ? unexpected(given) : [])]
}

function missing({ area, expected, changes }: AreaCase) {
  return DEMANDS.flatMap((kind) =>
    (expected[kind] ?? []).flatMap((item) => {
      if (changes.some((change) => change.kind === kind && names(item, change))) return []
      const instead = changes.filter((change) => names(item, change)).map(({ text }) => text)
      return [`${area} ${item} - expected: ${kind}, actual: ${instead.join('; ') || 'as before'}`]
    }),
  )
}

function unexpected({ area, expected, changes }: AreaCase) {
  const allowed = [...(expected.allowed ?? []), ...(BETWEEN_TWO[area] ?? [])]
  return changes
    .filter((change) => !(expected[change.kind] ?? []).some((item) => names(item, change)))
    .filter((change) => !allowed.some((item) => names(item, change)))
    .map(({ text }) => `${text} - not expected`)
}

// What a rollout makes different between the two of an MLAG pair while it has reached one of them: the check `mlag-healthy` demands that they
// agree where somebody wants to know.
const BETWEEN_TWO: Readonly<Record<string, readonly string[]>> = { mlag: ['mlag configSanity'] }

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
  const compared = area.describe(before, area.read(replies), tolerancesOf(own, tolerances))
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
