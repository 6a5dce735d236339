import { describe, expect, test } from 'vitest'
import { isKernelMember } from '../../src/change/plan/plan.ts'
import { features } from '../../src/features/index.ts'
import { EosflowError } from '../../src/model/error.ts'
import { type Feature, workflowKeys } from '../../src/project/system/feature/feature.ts'
import { openLab, whileTimePasses } from '../lab/lab.ts'

type Moment = 'begin' | 'open' | 'push' | 'round'

const never = () => new Promise<never>(() => undefined)
const pass = { check: 'poison', verdict: { status: 'pass', facts: ['x'.repeat(9_000)] } }

/** What a feature may do at a moment, whatever its type promises. */
const POISONS: Readonly<Record<string, () => unknown>> = {
  'throws at once': () => {
    throw new TypeError('poison')
  },
  refuses: () => Promise.reject(new EosflowError('guard', 'poison refuses')),
  'never answers': never,
  'says nothing': () => Promise.resolve(undefined),
  'says no verdict': () => Promise.resolve('fine'),
  'says half a verdict': () => Promise.resolve([{ check: 'poison', verdict: { status: 'pass' } }]),
  'says far too much': () => Promise.resolve(Array.from({ length: 5_000 }, () => pass)),
}

function poisoned(moment: Moment, poison: () => unknown): Feature {
  const at = (one: Moment) => (one === moment ? { [one]: poison } : {})
  const opened = { ...at('push'), ...at('round') }
  return {
    name: 'poison',
    ...at('begin'),
    open: () => (moment === 'open' ? (poison as never) : () => opened),
  }
}

// A moment before the first commit whose answer is not looked at.
const isUnheard = (moment: Moment, poison: string) => moment === 'push' && poison.startsWith('says')

const CASES = (['begin', 'open', 'push', 'round'] as const).flatMap((moment) =>
  Object.keys(POISONS).map((poison) => [moment, poison] as const),
)

describe('a feature can only tighten', () => {
  test.each(CASES)('at %s it %s', async (moment, poison) => {
    const lab = await openLab({ seams: (seams) => ({ ...seams, waits: seams.clock }) })
    lab.features = [...features, poisoned(moment, POISONS[poison] ?? never)]
    const { code, out, err } = await whileTimePasses(lab.clock, lab.change())
    const { timed, confirms } = lab.fabric.device('leaf1').counters().commits
    if (isUnheard(moment, poison)) return expect(code).toBe(0)
    expect(out + err).toContain('poison')
    expect(confirms).toBe(0)
    if (moment !== 'round') return expect(timed).toBe(0)
    expect(code).toBe(6)
  })

  test('takes the place of no member of a plan and of no other feature', () => {
    const names = workflowKeys(features).map(({ name }) => name)
    expect(names.filter((name, at) => isKernelMember(name) || names.indexOf(name) !== at)).toEqual([])
  })
})
