import { z } from 'zod'
import type { Json } from '../../../model/json.ts'
import type { Problem } from '../../../model/problem.ts'
import { shown } from '../../../text/source/duration-schema.ts'
import { keyPlaceOf, type LocatedValue, placeOf } from '../../../text/source/located.ts'
import { STATE_AREAS } from '../schema/state-areas.ts'
import type { CheckCall } from './workflow.ts'

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

/** `expect:` of the verify step: what should differ from the state before the change, and whether nothing else may. */
export const expectSchema = shown(
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
