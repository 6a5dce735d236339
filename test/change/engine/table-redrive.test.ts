import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { type Play, type Played, play } from './table.ts'

const task = (resource: string, more: object = {}) => ({ Type: 'Task', Resource: resource, End: true, ...more })
const first = (resource: string, next: string, more: object = {}) => ({
  Type: 'Task',
  Resource: resource,
  Next: next,
  ...more,
})
const fails = (after = 0) => ({ after, fails: 'E' })

/** Plays it to its bad end, then redrives it with tasks that do what they now do. */
async function redriven(table: Play, attempts: Play['attempts'] = {}) {
  const before = await play(table)
  expect(before.state.status).toBe('ended')
  const after = await before.again({ type: 'ExecutionRedriven' }, { attempts })
  return { before, after }
}

/** What a redriven execution has put on record since. */
function since({ lines, journal }: Played, ...types: readonly JournalEvent['type'][]) {
  const at = journal.findLastIndex(({ type }) => type === 'ExecutionRedriven')
  const earlier = journal.slice(0, at).filter(({ type }) => types.includes(type)).length
  return lines(...types).slice(earlier)
}

describe('a redriven execution of reads', () => {
  const nested = {
    Outer: {
      Type: 'Map',
      Items: [1, 2, 3],
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: 'Inner',
        States: {
          Inner: {
            Type: 'Map',
            Items: ['a', 'b', 'c'],
            MaxConcurrency: 1,
            ItemProcessor: { StartAt: 'Look', States: { Look: task('read', { Arguments: '{% $states.input %}' }) } },
            End: true,
          },
        },
      },
      End: true,
    },
  }
  const looks = (outer: number, inner: number) => `Outer[${outer}].Inner[${inner}]/Look`

  test('runs of a nested Map only what failed, was aborted, or had not begun', async () => {
    const { before, after } = await redriven({
      states: nested,
      attempts: {
        [looks(0, 0)]: [{ after: 1, gives: 'a0' }],
        [looks(0, 1)]: [{ after: 1, gives: 'b0' }],
        [looks(0, 2)]: [{ after: 60 }],
        [looks(1, 0)]: [{ after: 2.5, gives: 'a1' }],
        [looks(1, 1)]: [fails(3)],
      },
    })
    expect(before.calls).toEqual([
      `${looks(0, 0)} 1 "a"`,
      `${looks(1, 0)} 1 "a"`,
      `${looks(0, 1)} 1 "b"`,
      `${looks(0, 2)} 1 "c"`,
      `${looks(1, 1)} 1 "b"`,
    ])
    expect(before.state.outcome).toBe('refused')

    // What was done is not called again, what was ended in the middle asks how far it came; the third outer item begins when there is room for it.
    expect(after.calls.toSorted()).toEqual([
      `${looks(0, 2)} 1 asks first "c"`,
      `${looks(1, 1)} 1 "b"`,
      `${looks(1, 2)} 1 "c"`,
      `${looks(2, 0)} 1 "a"`,
      `${looks(2, 1)} 1 "b"`,
      `${looks(2, 2)} 1 "c"`,
    ])
    expect(after.state.outcome).toBe('succeeded')
    expect(after.state.output).toEqual([
      ['a0', 'b0', {}],
      ['a1', {}, {}],
      [{}, {}, {}],
    ])
  })

  test('that fails again can be redriven again', async () => {
    const once = await redriven(
      { states: nested, attempts: { [looks(1, 1)]: [fails()] } },
      { [looks(1, 1)]: [fails()] },
    )
    expect(once.after.state.outcome).toBe('refused')
    const twice = await once.after.again({ type: 'ExecutionRedriven' }, { attempts: {} })
    expect(twice.state.outcome).toBe('succeeded')
    expect(twice.state.redriven).toBe(2)
  })

  test('runs of a Parallel only the branches that are not done', async () => {
    const { after } = await redriven({
      states: {
        Both: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'Good', States: { Good: task('read') } },
            { StartAt: 'Slow', States: { Slow: task('read') } },
            { StartAt: 'Bad', States: { Bad: task('read') } },
          ],
          End: true,
        },
      },
      attempts: { Good: [{ gives: 'good' }], Slow: [{ after: 60 }], Bad: [fails(5)] },
    })
    expect(after.calls).toEqual(['Both[1]/Slow 1 asks first {}', 'Both[2]/Bad 1 {}'])
    expect(after.state.output).toEqual(['good', {}, {}])
  })

  test('has the whole budget of its retriers again', async () => {
    const { before, after } = await redriven(
      {
        states: { Try: task('read', { Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }] }) },
        attempts: { Try: [fails(), fails()] },
      },
      { Try: [fails(), fails()] },
    )
    expect(before.lines('TaskScheduled')).toEqual(['0 TaskScheduled /Try #1', '1 TaskScheduled /Try #2'])
    expect(since(after, 'TaskScheduled', 'ExecutionEnded')).toEqual([
      '1 TaskScheduled /Try #1',
      '2 TaskScheduled /Try #2',
      '2 ExecutionEnded refused E',
    ])
  })

  test('has the whole time of the machine again', async () => {
    const { after } = await redriven(
      { states: { Look: task('read') }, more: { TimeoutSeconds: 30 }, attempts: { Look: [{ after: 40 }] } },
      { Look: [{ after: 25 }] },
    )
    expect(after.lines('CompensationStarted', 'TaskSucceeded', 'ExecutionEnded')).toEqual([
      '30 CompensationStarted timed-out States.Timeout',
      '30 ExecutionEnded refused States.Timeout',
      '55 TaskSucceeded /Look',
      '55 ExecutionEnded succeeded {}',
    ])
  })

  test('begins again at a Fail state, with the same input and variables', async () => {
    const { after } = await redriven({
      states: {
        Set: { Type: 'Pass', Assign: { why: 'because' }, Next: 'Stop' },
        Stop: { Type: 'Fail', Error: 'Stop', Cause: '{% $why %}' },
      },
    })
    expect(since(after, 'StateEntered', 'StateFailed')).toEqual(['0 StateFailed /Stop Stop'])
    expect(after.state.compensation?.error.cause).toBe('because')
  })

  test('gives what an expression refused another try', async () => {
    const { after } = await redriven(
      { states: { Look: task('read', { Output: '{% $states.result.found %}' }) }, attempts: { Look: [{ gives: {} }] } },
      { Look: [{ gives: { found: 7 } }] },
    )
    expect(after.state.output).toBe(7)
  })
})

describe('a redriven execution that has written', () => {
  const states = {
    Look: first('read', 'One'),
    One: first('write', 'Two'),
    Two: first('write', 'Check'),
    Check: task('read'),
  }

  test('goes back to its first write, because all of them were undone', async () => {
    const { before, after } = await redriven({ states, attempts: { Check: [fails()] } })
    expect(before.calls).toEqual(['/Look 1 {}', '/One 1 {}', '/Two 1 {}', '/Check 1 {}', 'undo /Two', 'undo /One'])
    expect(after.calls).toEqual(['/One 1 {}', '/Two 1 {}', '/Check 1 {}'])
    expect(after.state.outcome).toBe('succeeded')
  })

  test('and is undone again, once, when it fails again', async () => {
    const { after } = await redriven({ states, attempts: { Check: [fails()] } }, { Check: [fails()] })
    expect(after.calls).toEqual(['/One 1 {}', '/Two 1 {}', '/Check 1 {}', 'undo /Two', 'undo /One'])
  })

  test('goes back to before a Map in which the first write is', async () => {
    const { after } = await redriven({
      states: {
        Look: first('read', 'Each'),
        Each: {
          Type: 'Map',
          Items: [1, 2],
          ItemProcessor: { StartAt: 'Set', States: { Set: task('write') } },
          Next: 'Check',
        },
        Check: task('read'),
      },
      attempts: { Check: [fails()] },
    })
    expect(after.calls).toEqual(['Each[0]/Set 1 1', 'Each[1]/Set 1 2', '/Check 1 [{},{}]'])
  })
})
