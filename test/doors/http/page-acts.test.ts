import { describe, expect, test } from 'vitest'
import { type ExecutionState, newExecution } from '../../../src/change/engine/state.ts'
import { fits, PAGE_ACTS } from '../../../src/doors/http/pages/execution-pages.ts'

const AT_REST = { isRunning: false, waits: false, isLeftAlone: false }
const RUNNING = { ...AT_REST, isRunning: true }

type Kind = 'one' | 'whole' | 'part'

/** An execution of one place, a change over two sites, or the part of one. */
function execution(kind: Kind, at: Partial<ExecutionState>) {
  const state = { ...newExecution('x1'), ...at }
  const sites = {
    one: state.sites,
    whole: { ...state.sites, isDivided: true, sites: [{ site: 'north', execution: 'x2' }] },
    part: { ...state.sites, part: { of: 'x0', site: 'north' } },
  } as const
  return { ...state, sites: sites[kind] as ExecutionState['sites'] }
}

const OPEN: Partial<ExecutionState> = { status: 'running' }
const REFUSED: Partial<ExecutionState> = { status: 'ended', outcome: 'refused', purpose: 'run' }

describe('a page offers what is not refused', () => {
  test.each([
    ['one', 'it runs', OPEN, RUNNING, ['stop', 'suspend']],
    ['whole', 'it runs', OPEN, RUNNING, ['stop']],
    ['part', 'it runs', OPEN, RUNNING, []],
    ['one', 'nobody runs it', OPEN, AT_REST, ['stop', 'resume']],
    ['whole', 'nobody runs it', OPEN, AT_REST, ['stop', 'resume']],
    ['part', 'nobody runs it', OPEN, AT_REST, []],
    ['part', 'workers leave it alone', OPEN, { ...AT_REST, isLeftAlone: true }, ['resume']],
    ['one', 'it waits for a decision', OPEN, { ...AT_REST, waits: true }, ['stop']],
    ['one', 'it was refused', REFUSED, AT_REST, ['redrive']],
    ['whole', 'it was refused', REFUSED, AT_REST, []],
    ['part', 'it was refused', REFUSED, AT_REST, []],
  ] as const)('%s, when %s', (kind, _when, at, now, offered) => {
    expect(PAGE_ACTS.filter((act) => fits(act, execution(kind, at), now))).toEqual(offered)
  })
})
