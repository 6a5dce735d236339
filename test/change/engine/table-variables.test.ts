import { expect, test } from 'vitest'
import { play } from './table.ts'

interface Row {
  readonly name: string
  readonly states: object
  readonly attempts?: Record<string, readonly { gives?: object; fails?: string }[]>
  /** What the machine gives, or the error it fails with. */
  readonly gives?: unknown
  readonly fails?: string
}

const inner = (name: string, states: object) => ({ StartAt: name, States: states })
const pass = (more: object) => ({ Type: 'Pass', ...more })
const show = (expression: string) => pass({ Output: `{% ${expression} %}`, End: true })

const ROWS: readonly Row[] = [
  {
    name: 'a variable is there from the next state on',
    states: { A: pass({ Assign: { x: 1 }, Next: 'B' }), B: show('$x + 1') },
    gives: 2,
  },
  {
    name: 'not in the state that assigns it',
    states: { A: pass({ Assign: { x: 1 }, Output: '{% $exists($x) %}', End: true }) },
    gives: false,
  },
  {
    name: 'all values of one Assign see the variables as they were',
    states: {
      A: pass({ Assign: { x: 1, y: 2 }, Next: 'B' }),
      B: pass({ Assign: { x: '{% $y %}', y: '{% $x %}' }, Next: 'C' }),
      C: show('[$x, $y]'),
    },
    gives: [2, 1],
  },
  {
    name: 'Output does not see what Assign gives',
    states: {
      A: pass({ Assign: { x: 1 }, Next: 'B' }),
      B: pass({ Assign: { x: 5 }, Output: '{% $x %}', End: true }),
    },
    gives: 1,
  },
  {
    name: 'an item of a Map reads the variables around it',
    states: {
      A: pass({ Assign: { x: 10 }, Next: 'Each' }),
      Each: {
        Type: 'Map',
        Items: [1, 2],
        ItemProcessor: inner('Item', { Item: show('$states.input + $x') }),
        End: true,
      },
    },
    gives: [11, 12],
  },
  {
    name: 'what an item assigns is its own, and gone with it',
    states: {
      Each: {
        Type: 'Map',
        Items: [1, 2, 3],
        MaxConcurrency: 1,
        ItemProcessor: inner('Item', {
          Item: pass({ Assign: { seen: '{% $exists($seen) ? $seen + 1 : 1 %}' }, Next: 'Show' }),
          Show: show('$seen'),
        }),
        Output: '{% [$states.result, $exists($seen)] %}',
        End: true,
      },
    },
    gives: [1, 1, 1, false],
  },
  {
    name: 'a branch of a Parallel does not see what its sibling assigns',
    states: {
      Both: {
        Type: 'Parallel',
        Branches: [
          inner('P', { P: pass({ Assign: { x: 1 }, Next: 'Q' }), Q: show('$x') }),
          inner('R', { R: { Type: 'Wait', Seconds: 5, Next: 'S' }, S: show('$exists($x)') }),
        ],
        End: true,
      },
    },
    gives: [1, false],
  },
  {
    name: 'three scopes deep',
    states: {
      A: pass({ Assign: { a: 1 }, Next: 'Each' }),
      Each: {
        Type: 'Map',
        Items: [10],
        ItemProcessor: inner('B', {
          B: pass({ Assign: { b: '{% $states.input + $a %}' }, Next: 'Both' }),
          Both: { Type: 'Parallel', Branches: [inner('C', { C: show('$a + $b') })], End: true },
        }),
        End: true,
      },
    },
    gives: [[12]],
  },
  {
    name: 'the chosen rule assigns, the state itself does not',
    states: {
      A: {
        Type: 'Choice',
        Choices: [{ Condition: true, Assign: { x: 'rule' }, Next: 'B' }],
        Assign: { x: 'default' },
        Default: 'B',
      },
      B: show('$x'),
    },
    gives: 'rule',
  },
  {
    name: 'the default assigns what the state says',
    states: {
      A: {
        Type: 'Choice',
        Choices: [{ Condition: false, Assign: { x: 'rule' }, Next: 'B' }],
        Assign: { x: 'default' },
        Default: 'B',
      },
      B: show('$x'),
    },
    gives: 'default',
  },
  {
    name: 'a catcher assigns, its state does not',
    states: {
      A: {
        Type: 'Task',
        Resource: 'read',
        Assign: { x: 'done' },
        Catch: [{ ErrorEquals: ['States.ALL'], Assign: { x: '{% $states.errorOutput.Error %}' }, Next: 'B' }],
        Next: 'B',
      },
      B: show('$x'),
    },
    attempts: { A: [{ fails: 'E' }] },
    gives: 'E',
  },
  {
    name: 'a failed attempt assigns nothing',
    states: {
      Zero: pass({ Assign: { x: 0 }, Next: 'A' }),
      A: {
        Type: 'Task',
        Resource: 'read',
        Arguments: '{% $x %}',
        Assign: { x: '{% $x + 1 %}' },
        Retry: [{ ErrorEquals: ['E'] }],
        Next: 'B',
      },
      B: show('$x'),
    },
    attempts: { A: [{ fails: 'E' }, { fails: 'E' }] },
    gives: 1,
  },
  {
    name: 'a variable that has no value is an error',
    states: {
      A: { Type: 'Choice', Choices: [{ Condition: false, Assign: { x: 1 }, Next: 'B' }], Default: 'B' },
      B: show('$x'),
    },
    fails: 'States.QueryEvaluationError',
  },
]

test.each(ROWS)('$name', async ({ states, attempts, gives, fails }) => {
  const { state } = await play({
    states: states as never,
    ...(attempts === undefined ? {} : { attempts: attempts as never }),
  })
  expect(state.compensation?.error.name).toBe(fails)
  expect(state.output).toEqual(gives)
})
