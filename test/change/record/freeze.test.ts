import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { beginningIn, isUnderWay } from '../../../src/change/record/store/freeze.ts'
import { EACH_AUDIT_EVENT } from './audit/each-audit-event.ts'
import { EACH_MACHINE_EVENT } from './each-machine-event.ts'
import { ONE_OF_EACH } from './one-of-each-event.ts'

const ALL: readonly EventBody[] = [...ONE_OF_EACH, ...EACH_MACHINE_EVENT, ...EACH_AUDIT_EVENT]
const STARTED = ALL.find(({ type }) => type === 'ExecutionStarted') as EventBody & { type: 'ExecutionStarted' }
const REDRIVEN: EventBody = { type: 'ExecutionRedriven' }
const BROKEN = ALL.find(({ type }) => type === 'BreakGlassUsed') as EventBody
const act = (kind: 'stage' | 'arm' | 'confirm' | 'abort' | 'restore'): EventBody => ({
  type: 'ActIntended',
  device: 'leaf1',
  act: kind,
  session: 's',
})

describe('what a freeze refuses', () => {
  test.each<[string, readonly EventBody[], string | undefined]>([
    ['the start of a change', [{ ...STARTED, purpose: 'run' }], 'execution'],
    ['the start of a plan', [{ ...STARTED, purpose: 'plan' }], undefined],
    ['a redrive', [REDRIVEN], 'execution'],
    ['a start for which the glass is broken', [{ ...STARTED, purpose: 'run' }, BROKEN], undefined],
    ['a timed commit', [act('arm')], 'commit'],
    ['a confirm', [act('confirm')], undefined],
    ['what puts back', [act('abort'), act('restore')], undefined],
    ['a resume', [{ type: 'ExecutionResumed' }], undefined],
  ])('%s: %o', (_name, events, expected) => {
    expect(beginningIn(events)).toBe(expected)
  })

  test('of all types of events, three begin something', () => {
    const begin = new Set(ALL.filter((event) => beginningIn([event]) !== undefined).map(({ type }) => type))
    expect([...begin].toSorted()).toEqual(['ActIntended', 'ExecutionRedriven', 'ExecutionStarted'])
    expect(ALL.length).toBeGreaterThan(80)
  })
})

describe('an execution is under way', () => {
  test.each<[string, readonly EventBody[], boolean]>([
    ['when it has begun nothing', [STARTED, act('stage')], false],
    ['when it has announced a timed commit', [STARTED, act('stage'), act('arm')], true],
    ['when it was redriven since', [STARTED, act('arm'), REDRIVEN, act('stage')], false],
    ['when it has announced one since it was redriven', [STARTED, REDRIVEN, act('arm')], true],
    ['when the glass was broken for it', [STARTED, BROKEN], true],
    ['when it was resumed since', [STARTED, act('arm'), { type: 'ExecutionResumed' }], true],
  ])('%s', (_name, records, expected) => {
    expect(isUnderWay(records)).toBe(expected)
  })
})
