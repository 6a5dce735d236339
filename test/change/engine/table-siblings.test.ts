import { describe, expect, test } from 'vitest'
import { type Attempt, type Play, play } from './table.ts'

const ALL = ['States.ALL']
const task = (resource: string, more: object = {}) => ({ Type: 'Task', Resource: resource, End: true, ...more })
const branch = (name: string, state: object, others: object = {}) => ({
  StartAt: name,
  States: { [name]: state, ...others },
})

/** A Parallel whose branch Bad fails after five seconds; what becomes of the others is in the rows. */
async function beside(
  sibling: object,
  others: object = {},
  attempts: Record<string, readonly Attempt[]> = {},
  more: Partial<Play> = {},
) {
  const played = await play({
    states: {
      Both: {
        Type: 'Parallel',
        Branches: [branch('Bad', task('read')), branch('Other', sibling, others)],
        Catch: [{ ErrorEquals: ALL, Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Pass', End: true },
    } as never,
    attempts: { Bad: [{ after: 5, fails: 'E' }], ...attempts },
    ...more,
  })
  const shown = [
    'TaskSucceeded',
    'TaskFailed',
    'StateAborted',
    'ParallelFailed',
    'TaskUndoStarted',
    'StateExited',
  ] as const
  return { ...played, told: played.lines(...shown) }
}

const BAD = '5 TaskFailed Both[0]/Bad E'
const OUT = 'StateExited /Both caught {"Error":"E","Cause":"table"}'
const END = 'StateExited /Caught {"Error":"E","Cause":"table"}'

describe('when one branch of a Parallel fails', () => {
  test('a read is aborted at once', async () => {
    const { told } = await beside(task('read'), {}, { Other: [{ after: 60 }] })
    expect(told).toEqual([
      BAD,
      '5 TaskFailed Both[1]/Other cancelled',
      '5 StateAborted Both[1]/Other',
      '5 ParallelFailed /Both E',
      `5 ${OUT}`,
      `5 ${END}`,
    ])
  })

  test('a write is drained, then undone before the error is handled', async () => {
    const { told, calls } = await beside(task('write'), {}, { Other: [{ after: 60 }] })
    expect(told).toEqual([
      BAD,
      '60 TaskSucceeded Both[1]/Other',
      '60 StateAborted Both[1]/Other',
      '60 ParallelFailed /Both E',
      '60 TaskUndoStarted Both[1]/Other',
      `60 ${OUT}`,
      `60 ${END}`,
    ])
    expect(calls).toEqual(['Both[0]/Bad 1 {}', 'Both[1]/Other 1 {}', 'undo Both[1]/Other'])
  })

  test('a drained write that fails is not retried, and what is left of it is undone when that is in doubt', async () => {
    const retry = { Retry: [{ ErrorEquals: ALL }] }
    const lost = await beside(task('write', retry), {}, { Other: [{ after: 60, fails: 'E', lost: true }] })
    expect(lost.told.slice(1, 5)).toEqual([
      '60 TaskFailed Both[1]/Other E',
      '60 StateAborted Both[1]/Other',
      '60 ParallelFailed /Both E',
      '60 TaskUndoStarted Both[1]/Other',
    ])
    const refused = await beside(task('write', retry), {}, { Other: [{ after: 60, fails: 'E' }] })
    expect(refused.calls).toEqual(['Both[0]/Bad 1 {}', 'Both[1]/Other 1 {}'])
  })

  test('what follows the drained write does not begin', async () => {
    const { calls } = await beside(
      { ...task('write'), End: undefined, Next: 'More' },
      { More: task('write') },
      { Other: [{ after: 60 }] },
    )
    expect(calls).toEqual(['Both[0]/Bad 1 {}', 'Both[1]/Other 1 {}', 'undo Both[1]/Other'])
  })

  test.each([
    ['a pause', { Type: 'Wait', Seconds: 100, End: true }, {}],
    ['a token', task('ask'), {}],
    [
      'a back-off',
      task('read', { Retry: [{ ErrorEquals: ['F'], IntervalSeconds: 100 }] }),
      { Other: [{ fails: 'F' }] },
    ],
  ])('%s is aborted at once', async (_, state, attempts) => {
    const { told } = await beside(state, {}, attempts)
    expect(told.slice(told.indexOf(BAD))).toEqual([
      BAD,
      '5 StateAborted Both[1]/Other',
      '5 ParallelFailed /Both E',
      `5 ${OUT}`,
      `5 ${END}`,
    ])
  })

  test('a Map inside is aborted from its items up, its writes drained', async () => {
    const map = {
      Type: 'Map',
      Items: [1, 2, 3],
      MaxConcurrency: 2,
      ItemProcessor: branch('Item', task('write')),
      End: true,
    }
    const { told, calls } = await beside(
      map,
      {},
      {
        'Both[1].Other[0]/Item': [{ after: 20 }],
        'Both[1].Other[1]/Item': [{ after: 10 }],
      },
    )
    expect(told).toEqual([
      BAD,
      '10 TaskSucceeded Both[1].Other[1]/Item',
      '10 StateAborted Both[1].Other[1]/Item',
      '20 TaskSucceeded Both[1].Other[0]/Item',
      '20 StateAborted Both[1].Other[0]/Item',
      '20 StateAborted Both[1]/Other',
      '20 ParallelFailed /Both E',
      '20 TaskUndoStarted Both[1].Other[1]/Item',
      '20 TaskUndoStarted Both[1].Other[0]/Item',
      `20 ${OUT}`,
      `20 ${END}`,
    ])
    expect(calls).not.toContain('Both[1].Other[2]/Item 1 {}')
  })

  test('a branch that is done stays so, and its write is undone', async () => {
    const { told } = await beside(task('write'), {}, { Other: [{ after: 1 }] })
    expect(told).toEqual([
      '1 TaskSucceeded Both[1]/Other',
      '1 StateExited Both[1]/Other {}',
      BAD,
      '5 ParallelFailed /Both E',
      '5 TaskUndoStarted Both[1]/Other',
      `5 ${OUT}`,
      `5 ${END}`,
    ])
  })

  test('the first failure is the one that counts', async () => {
    const { told } = await beside(task('read'), {}, { Other: [{ after: 4, fails: 'F' }] })
    expect(told).toContain('4 ParallelFailed /Both F')
  })
})

describe('when an item of a Map fails', () => {
  const each = (more: object, attempts: Record<string, readonly Attempt[]>, resource = 'read', stays?: string[]) =>
    play({
      ...(stays === undefined ? {} : { stays }),
      states: {
        Each: {
          Type: 'Map',
          Items: [10, 20, 30, 40],
          ItemProcessor: branch('Item', task(resource)),
          End: true,
          ...more,
        },
      } as never,
      attempts,
    })
  const fails = (after: number) => [{ after, fails: 'E' }]

  test('no further item begins', async () => {
    const { calls, lines } = await each({ MaxConcurrency: 1 }, { 'Each[1]/Item': fails(2) })
    expect(calls).toEqual(['Each[0]/Item 1 10', 'Each[1]/Item 1 20'])
    expect(lines('MapFailed', 'ExecutionEnded')).toEqual(['2 MapFailed /Each E', '2 ExecutionEnded refused E'])
  })

  test('as many may fail as are tolerated; they give null', async () => {
    const { lines } = await each({ ToleratedFailureCount: 2 }, { 'Each[1]/Item': fails(2), 'Each[3]/Item': fails(1) })
    expect(lines('StateFailed', 'MapFailed', 'ExecutionEnded')).toEqual([
      '1 StateFailed Each[3]/Item E',
      '2 StateFailed Each[1]/Item E',
      '2 ExecutionEnded succeeded [{},null,{},null]',
    ])
  })

  test('one more ends it by the name that AWS gives', async () => {
    const { lines } = await each(
      { ToleratedFailureCount: 1 },
      { 'Each[0]/Item': [{ after: 60 }], 'Each[1]/Item': fails(2), 'Each[3]/Item': fails(1) },
    )
    expect(lines('StateFailed', 'StateAborted', 'MapFailed')).toEqual([
      '1 StateFailed Each[3]/Item E',
      '2 StateFailed Each[1]/Item E',
      '2 StateAborted Each[0]/Item',
      '2 MapFailed /Each States.ExceedToleratedFailureThreshold',
      '2 StateFailed /Each States.ExceedToleratedFailureThreshold',
    ])
  })

  test.each([
    [24, 'MapFailed', 1],
    [25, 'ExecutionEnded', 1],
    [49, 'MapFailed', 2],
    [50, 'ExecutionEnded', 2],
    [100, 'ExecutionEnded', 4],
  ])('%i percent of four: %s with failures: %i', async (share, type, count) => {
    const failing = Object.fromEntries([0, 1, 2, 3].slice(0, count).map((index) => [`Each[${index}]/Item`, fails(1)]))
    const { lines, state } = await each({ ToleratedFailurePercentage: share }, failing)
    expect(lines('MapFailed', 'ExecutionEnded')[0]).toContain(type)
    expect(state.outcome).toBe(type === 'MapFailed' ? 'refused' : 'succeeded')
  })

  test('either tolerance trips', async () => {
    const { lines } = await each(
      { ToleratedFailureCount: 3, ToleratedFailurePercentage: 25 },
      { 'Each[0]/Item': fails(1), 'Each[1]/Item': fails(2) },
    )
    expect(lines('MapFailed')).toEqual(['2 MapFailed /Each States.ExceedToleratedFailureThreshold'])
  })

  test('what a tolerated item has written is undone, what the others have written is not', async () => {
    const two = {
      ItemProcessor: branch('Write', { ...task('write'), End: undefined, Next: 'Item' }, { Item: task('read') }),
    }
    const { calls, state } = await each(
      { ToleratedFailureCount: 1, MaxConcurrency: 1, ...two },
      { 'Each[1]/Item': fails(2) },
    )
    expect(calls.filter((call) => call.startsWith('undo'))).toEqual(['undo Each[1]/Write'])
    expect(state.outcome).toBe('succeeded')
  })

  test('what a tolerated item has written and cannot be taken back ends it: no further item begins, all is undone', async () => {
    const two = {
      ItemProcessor: branch('Write', { ...task('write'), End: undefined, Next: 'Item' }, { Item: task('read') }),
    }
    const { calls, lines } = await each(
      { ToleratedFailureCount: 3, MaxConcurrency: 1, ...two },
      { 'Each[1]/Item': fails(2) },
      'read',
      ['Each[1]/Write'],
    )
    expect(calls.filter((call) => call.includes('/Write'))).toEqual([
      'Each[0]/Write 1 10',
      'Each[1]/Write 1 20',
      'undo Each[1]/Write',
      'undo Each[0]/Write',
    ])
    expect(lines('MapFailed', 'ExecutionEnded')).toEqual([
      '2 MapFailed /Each rollback-incomplete',
      '2 ExecutionEnded unknown rollback-incomplete',
    ])
  })
})

test('compensation undoes all scopes, the newest write first', async () => {
  const { calls } = await play({
    states: {
      One: { ...task('write'), End: undefined, Next: 'Both' },
      Both: {
        Type: 'Parallel',
        Branches: [
          branch('A', { ...task('write'), End: undefined, Next: 'B' }, { B: task('write') }),
          branch('C', { ...task('write'), End: undefined, Next: 'D' }, { D: task('write') }),
        ],
        Next: 'Stop',
      },
      Stop: { Type: 'Fail', Error: 'Stop' },
    } as never,
    attempts: { A: [{ after: 10 }], B: [{ after: 1 }], C: [{ after: 2 }], D: [{ after: 3 }] },
  })
  expect(calls.filter((call) => call.startsWith('undo'))).toEqual([
    'undo Both[0]/B',
    'undo Both[1]/D',
    'undo Both[1]/C',
    'undo Both[0]/A',
    'undo /One',
  ])
})
