import { describe, expect, test } from 'vitest'
import { problemsWith } from '../states-file.ts'

type Replacements = readonly (readonly [from: string, to: string])[]

const weigh = (condition: string, fields = '') =>
  `WeighChange: { Type: Choice, Choices: [{ Condition: '{% ${condition} %}', Next: ApprovePlan }], Default: ApprovePlan${fields} }`

const between = (state: string): Replacements => [
  ['Next: ApprovePlan }', 'Next: WeighChange }'],
  ['  ApprovePlan:', `  ${state}\n  ApprovePlan:`],
]

describe('the variables that expressions read', () => {
  test.each<[string, Replacements, readonly string[]]>([
    ['one that nobody assigns', between(weigh('$changed > 2')), ['unassigned-variable $changed']],
    [
      'one that is assigned behind it only',
      [...between(weigh('$late')), ['eosflow:ready,', "eosflow:ready, Assign: { late: '{% true %}' },"]],
      ['unassigned-variable $late'],
    ],
    [
      'one of an inner machine',
      [
        ['eosflow:push,', "eosflow:push, Assign: { inner: '{% $states.result.session %}' },"],
        ['eosflow:ready,', "eosflow:ready, Output: '{% $inner %}',"],
      ],
      ['unassigned-variable $inner'],
    ],
    [
      'one that the state assigns itself, in its own Output',
      [['eosflow:ready,', "eosflow:ready, Assign: { mine: 1 }, Output: { a: '{% $mine %}' },"]],
      ['unassigned-variable $mine'],
    ],
    [
      'one that only the way round a catcher assigns',
      [
        [
          'eosflow:plan,',
          "eosflow:plan, Assign: { digest: '{% $states.result.digest %}' }, Catch: [{ ErrorEquals: [States.ALL], Next: TellWhy }],",
        ],
        ['  Done:', "  TellWhy: { Type: Fail, Cause: '{% $digest %}' }\n  Done:"],
      ],
      ['unassigned-variable $digest'],
    ],
  ])('refuses %s', (_, replacements, expected) => {
    expect(problemsWith(...replacements)).toEqual(expected)
  })

  test.each<[string, Replacements]>([
    [
      'one of the state before',
      [
        ['eosflow:plan,', "eosflow:plan, Assign: { changed: '{% $states.result.changed %}' },"],
        ...between(weigh('$changed > 2')),
      ],
    ],
    [
      'one of the machine around',
      [
        ['eosflow:plan,', "eosflow:plan, Assign: { changed: '{% $states.result.changed %}' },"],
        ['eosflow:push,', "eosflow:push, Output: '{% $changed %}',"],
      ],
    ],
    [
      'one that one of two ways assigns',
      [
        ...between(weigh('true', ', Assign: { careful: true }')),
        ['eosflow:ready,', "eosflow:ready, Output: '{% $careful %}',"],
      ],
    ],
    [
      'one of a catcher',
      [
        [
          'eosflow:plan,',
          "eosflow:plan, Catch: [{ ErrorEquals: [States.ALL], Assign: { why: '{% $states.errorOutput.Cause %}' }, Next: TellWhy }],",
        ],
        ['  Done:', "  TellWhy: { Type: Fail, Cause: '{% $why %}' }\n  Done:"],
      ],
    ],
    ['one that the expression binds itself', between(weigh('($a := 1; $a > 0)'))],
    ['functions and $states', between(weigh('$count($keys($states.input)) > 2'))],
  ])('takes %s', (_, replacements) => {
    expect(problemsWith(...replacements)).toEqual([])
  })

  test('what an expression may never read is named with it', () => {
    expect(problemsWith(...between(weigh('$states.result > $eval("1")'))).map((one) => one.split(' ')[0])).toEqual([
      'unsupported-jsonata-expression',
      'unsupported-jsonata-expression',
    ])
  })
})
