import { describe, expect, test } from 'vitest'
import { problemsOf } from '../../../../src/text/source/located.ts'
import { compileStates, leastWith } from '../states-file.ts'

type Replacements = readonly (readonly [from: string, to: string])[]

const timers = (...replacements: Replacements) => {
  const compiled = compileStates(
    leastWith(['eosflow:push,', 'eosflow:push, Arguments: { confirmWithin: 24h },'], ...replacements),
  )
  if (!compiled.ok) return compiled.problems.map(({ code, message }) => `${code}: ${message}`)
  const { perRound, perWave, soak } = compiled.value.timers
  return { perRound, perWave, soak }
}

const behind = (state: string): Replacements => [
  ['Next: CheckTimers', 'Next: ExtraState'],
  ['  CheckTimers:', `  ExtraState: ${state}\n  CheckTimers:`],
]
const http = (fields: string) =>
  `{ Type: Task, Resource: eosflow:http, Next: CheckTimers, Arguments: { method: GET, url: https://a/ }${fields} }`
const unknown = (name: string, why: string) => [
  `timer-unknown: commit timers run while \`${name}\` is under way, and nobody can say for how long: ${why}`,
]

const WAVES: Replacements = [
  [
    '    Items: targets\n    ItemProcessor:\n      StartAt: PushChange\n      States:\n',
    '    Items: waves\n    ItemProcessor:\n     StartAt: OneWave\n     States:\n      HoldOn: { Type: Wait, Seconds: 20, End: true }\n      OneWave:\n       Type: Map\n       Items: wave\n       Next: HoldOn\n       ItemProcessor:\n        StartAt: PushChange\n        States:\n',
  ],
  ['        PushChange:', '         PushChange:'],
  ['        VerifyChange:', '         VerifyChange:'],
]

describe('how long commit timers run', () => {
  test.each<[string, Replacements, { perRound: number; perWave: number; soak: number }]>([
    ['verification alone', [], { perRound: 60, perWave: 0, soak: 0 }],
    [
      'a wait behind it',
      behind('{ Type: Wait, Seconds: 40, Next: CheckTimers }'),
      { perRound: 60, perWave: 0, soak: 40 },
    ],
    [
      'a wait before the push, once per round',
      [
        ['      StartAt: PushChange', '      StartAt: HoldOn'],
        ['        PushChange:', '        HoldOn: { Type: Wait, Seconds: 7, Next: PushChange }\n        PushChange:'],
      ],
      { perRound: 67, perWave: 0, soak: 0 },
    ],
    ['a wait per wave', WAVES, { perRound: 60, perWave: 20, soak: 0 }],
    [
      'retries with their pauses: 1 + 2 + 4 s, four times a minute',
      [['          End: true', '          Retry: [{ ErrorEquals: [States.ALL] }]\n          End: true']],
      { perRound: 247, perWave: 0, soak: 0 },
    ],
    [
      'pauses that grow no further: 10 + 15 + 15 s',
      [
        [
          'eosflow:ready,',
          'eosflow:ready, Retry: [{ ErrorEquals: [States.ALL], IntervalSeconds: 10, MaxDelaySeconds: 15 }],',
        ],
      ],
      { perRound: 60, perWave: 0, soak: 40 },
    ],
    [
      'the longer of two ways',
      [
        ...behind('{ Type: Choice, Choices: [{ Condition: true, Next: HoldLong }], Default: HoldShort }'),
        [
          '  CheckTimers:',
          '  HoldLong: { Type: Wait, Seconds: 90, Next: CheckTimers }\n  HoldShort: { Type: Wait, Seconds: 9, Next: CheckTimers }\n  CheckTimers:',
        ],
      ],
      { perRound: 60, perWave: 0, soak: 90 },
    ],
    [
      'the longest branch',
      behind(
        '{ Type: Parallel, Next: CheckTimers, Branches: [{ StartAt: HoldA, States: { HoldA: { Type: Wait, Seconds: 3, End: true } } }, { StartAt: HoldB, States: { HoldB: { Type: Wait, Seconds: 8, End: true } } }] }',
      ),
      { perRound: 60, perWave: 0, soak: 8 },
    ],
    [
      'a way that ends badly does not count',
      [
        ['    Items: targets\n', '    Items: targets\n    Catch: [{ ErrorEquals: [States.ALL], Next: HoldLong }]\n'],
        [
          '  CheckTimers:',
          '  HoldLong: { Type: Wait, Seconds: 9999, Next: GiveUp }\n  GiveUp: { Type: Fail }\n  CheckTimers:',
        ],
      ],
      { perRound: 60, perWave: 0, soak: 0 },
    ],
    [
      'nor does one inside the rollout',
      [
        [
          '          End: true\n',
          '          Catch: [{ ErrorEquals: [States.ALL], Next: HoldLong }]\n          End: true\n        HoldLong: { Type: Wait, Seconds: 9999, Next: GiveUp }\n        GiveUp: { Type: Fail }\n',
        ],
      ],
      { perRound: 60, perWave: 0, soak: 0 },
    ],
    ['a request, 30 s unless it says otherwise', behind(http('')), { perRound: 60, perWave: 0, soak: 30 }],
    [
      'an answer with a time-out',
      behind(
        '{ Type: Task, Resource: eosflow:signal, Arguments: { message: go }, TimeoutSeconds: 300, Next: CheckTimers }',
      ),
      { perRound: 60, perWave: 0, soak: 300 },
    ],
    [
      'a slower Map behind the push: five times as many rounds',
      [
        [
          '    Items: targets\n    ItemProcessor:\n      StartAt: ConfirmChange\n      States:\n',
          '    Items: targets\n    MaxConcurrency: 2\n    ItemProcessor:\n      StartAt: HoldOn\n      States:\n        HoldOn: { Type: Wait, Seconds: 4, Next: ConfirmChange }\n',
        ],
      ],
      { perRound: 80, perWave: 0, soak: 0 },
    ],
  ])('%s', (_, replacements, expected) => {
    expect(timers(...replacements)).toEqual(expected)
  })

  test.each<[string, Replacements, readonly string[]]>([
    [
      'a wait that an expression says',
      behind("{ Type: Wait, Seconds: '{% 3 %}', Next: CheckTimers }"),
      unknown('ExtraState', 'it waits for as long as an expression or a timestamp says'),
    ],
    [
      'a wait until some time',
      behind("{ Type: Wait, Timestamp: '2030-01-01T00:00:00Z', Next: CheckTimers }"),
      unknown('ExtraState', 'it waits for as long as an expression or a timestamp says'),
    ],
    [
      'a word of somebody',
      behind('{ Type: Task, Resource: eosflow:signal, Arguments: { message: go }, Next: CheckTimers }'),
      unknown('ExtraState', 'it waits for an answer from outside without a constant `TimeoutSeconds`'),
    ],
    [
      'a Map over data',
      behind(
        "{ Type: Map, Items: '{% [1] %}', Next: CheckTimers, ItemProcessor: { StartAt: HoldOn, States: { HoldOn: { Type: Wait, Seconds: 1, End: true } } } }",
      ),
      unknown('ExtraState', 'nobody knows beforehand over how many items it goes'),
    ],
    [
      'a loop',
      [
        ...behind('{ Type: Wait, Seconds: 1, Next: LookAgain }'),
        [
          '  CheckTimers:',
          '  LookAgain: { Type: Choice, Choices: [{ Condition: true, Next: ExtraState }], Default: CheckTimers }\n  CheckTimers:',
        ],
      ],
      unknown('ExtraState', 'a way leads back to it'),
    ],
  ])('refuses %s between push and confirm', (_, replacements, expected) => {
    expect(timers(...replacements)).toEqual(expected)
  })

  test('what is before the push may take its time', () => {
    const asked = leastWith([
      'Next: MakePlan }',
      'Next: AskOwner }\n  AskOwner: { Type: Task, Resource: eosflow:signal, Arguments: { message: go }, Next: MakePlan }',
    ])
    expect(problemsOf(compileStates(asked))).toEqual([])
  })

  const inBranch = (text: string, others: string) => {
    const at = text.indexOf('  RollOut:')
    const rollout = text
      .slice(at)
      .replace('    Next: Done\n  Done: { Type: Succeed }\n', '    End: true\n')
      .replace(/^/gm, '          ')
      .trimEnd()
    const both = `  DoAll:\n    Type: Parallel\n    Next: Done\n    Branches:\n      - StartAt: RollOut\n        States:\n${rollout}\n${others}  Done: { Type: Succeed }\n`
    const compiled = compileStates(`${text.slice(0, at).replace('Next: RollOut }', 'Next: DoAll }')}${both}`)
    return compiled.ok
      ? [JSON.stringify(compiled.value.timers.soak)]
      : compiled.problems.map(({ code, message }) => `${code}: ${message}`)
  }
  const HOLD = '      - StartAt: HoldOn\n        States: { HoldOn: { Type: Wait, Seconds: 500, End: true } }\n'

  test('a whole change in one branch of a Parallel does not wait for the others', () => {
    expect(inBranch(leastWith(), HOLD)).toEqual(['0'])
    const settled = leastWith(...behind('{ Type: Wait, Seconds: 11, Next: CheckTimers }'))
    expect(inBranch(settled, HOLD)).toEqual(['11'])
  })
})
