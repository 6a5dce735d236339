import { describe, expect, test } from 'vitest'
import { problemsWith } from '../states-file.ts'

type Replacements = readonly (readonly [from: string, to: string])[]

const POST = 'Resource: eosflow:http, Undo: none, Arguments: { method: POST, url: https://a/ }'
const ahead = (state: string): Replacements => [
  ['Next: ApprovePlan }', 'Next: ExtraState }'],
  ['  ApprovePlan:', `  ExtraState: ${state}\n  ApprovePlan:`],
]
const codes = (replacements: Replacements) => problemsWith(...replacements).map((one) => one.split(' ')[0] ?? '')

const inner = (name: string, task: string) =>
  `{ StartAt: ${name}, States: { ${name}: { Type: Task, Resource: eosflow:${task}, End: true } } }`

describe('where the states of a machine are', () => {
  test.each<[string, Replacements, readonly string[]]>([
    [
      'a change without a verification',
      [
        ['Next: VerifyChange }', 'End: true }'],
        [
          '        VerifyChange:\n          Type: Task\n          Resource: eosflow:verify\n          Arguments: { within: 1m, stableFor: 10s, checks: [reachable] }\n          End: true\n',
          '',
        ],
      ],
      ['missing-task'],
    ],
    [
      'a task of one switch outside a Map',
      ahead('{ Type: Task, Resource: eosflow:rollback, Next: ApprovePlan }'),
      ['outside-switches'],
    ],
    [
      'a push over items of its own',
      [['    Items: targets', '    Items: [leaf1]']],
      ['outside-switches', 'outside-switches'],
    ],
    ['a push over waves', [['    Items: targets', '    Items: waves']], ['outside-switches', 'outside-switches']],
    ['a wave outside the waves', [['    Items: targets', '    Items: wave']], ['misplaced-map']],
    [
      'a plan in a Map',
      [
        [
          'MakePlan: { Type: Task, Resource: eosflow:plan, Next: ApprovePlan }',
          `PlanAll: { Type: Map, Items: [1], ItemProcessor: ${inner('MakePlan', 'plan')}, Next: ApprovePlan }`,
        ],
        ['Next: MakePlan', 'Next: PlanAll'],
      ],
      ['inside-map'],
    ],
    [
      'a plan in a branch, behind which a dry run would go on',
      [
        [
          'MakePlan: { Type: Task, Resource: eosflow:plan, Next: ApprovePlan }',
          `PlanAll: { Type: Parallel, Branches: [${inner('MakePlan', 'plan')}], Next: ApprovePlan }`,
        ],
        ['Next: MakePlan', 'Next: PlanAll'],
      ],
      ['inside-parallel'],
    ],
    [
      'Maps over switches inside a Map',
      ahead(
        `{ Type: Map, Items: [1, 2], Next: ApprovePlan, ItemProcessor: { StartAt: GoAround, States: { GoAround: { Type: Map, Items: targets, End: true, ItemProcessor: ${inner('LookAgain', 'recheck')} } } } }`,
      ),
      ['misplaced-map'],
    ],
    [
      'waves at once',
      [
        [
          '    Items: targets\n    ItemProcessor:\n      StartAt: PushChange\n',
          '    Items: targets\n    MaxConcurrency: 4\n    ItemProcessor:\n      StartAt: PushChange\n',
        ],
        ['Items: targets', 'Items: waves'],
      ],
      ['waves-at-once', 'outside-switches', 'outside-switches'],
    ],
    [
      'a number of switches that an expression gives',
      [['    Items: targets\n', "    Items: targets\n    MaxConcurrency: '{% 3 %}'\n"]],
      ['concurrency-unknown'],
    ],
    [
      'tolerated failures of a push',
      [['    Items: targets\n', '    Items: targets\n    ToleratedFailureCount: 1\n']],
      ['tolerated-write', 'confirm-unverified'],
    ],
    [
      'a repeated Map that pushes',
      [['    Items: targets\n', '    Items: targets\n    Retry: [{ ErrorEquals: [States.ALL] }]\n']],
      ['retried-write'],
    ],
    [
      'a repeated POST',
      ahead(`{ Type: Task, ${POST}, Retry: [{ ErrorEquals: [States.ALL] }], Next: ApprovePlan }`),
      ['retried-write'],
    ],
    [
      'a repeated Parallel that writes to a service',
      ahead(
        `{ Type: Parallel, Retry: [{ ErrorEquals: [States.ALL] }], Next: ApprovePlan, Branches: [{ StartAt: OpenTicket, States: { OpenTicket: { Type: Task, ${POST}, End: true } } }] }`,
      ),
      ['retried-write'],
    ],
    [
      'two branches that write to switches',
      [
        ['Next: CheckTimers\n', 'Next: BothWays\n'],
        [
          '  CheckTimers:',
          `  BothWays: { Type: Parallel, Next: CheckTimers, Branches: [${['PutBack', 'PutBackToo'].map((name) => `{ StartAt: All${name}, States: { All${name}: { Type: Map, Items: targets, End: true, ItemProcessor: ${inner(name, 'rollback')} } } }`).join(', ')}] }\n  CheckTimers:`,
        ],
      ],
      ['parallel-writes'],
    ],
    [
      'a confirm before all are verified',
      [
        [
          '          End: true\n',
          '          Next: ConfirmOne\n        ConfirmOne: { Type: Task, Resource: eosflow:confirm, End: true }\n',
        ],
      ],
      ['confirm-early'],
    ],
    [
      'a machine of before, whose confirm saved as well',
      [
        ['Next: SaveAll', 'Next: Done'],
        [
          '  SaveAll:\n    Type: Map\n    Items: targets\n    ItemProcessor:\n      StartAt: SaveChange\n      States:\n        SaveChange: { Type: Task, Resource: eosflow:save, End: true }\n    Next: Done\n',
          '',
        ],
      ],
      ['missing-task'],
    ],
    [
      'a save before all switches are confirmed',
      [
        [
          'eosflow:confirm, End: true }\n',
          'eosflow:confirm, Next: SaveSoon }\n        SaveSoon: { Type: Task, Resource: eosflow:save, End: true }\n',
        ],
      ],
      ['save-early'],
    ],
  ])('refuses %s', (_, replacements, expected) => {
    expect(codes(replacements).toSorted()).toEqual(expected.toSorted())
  })

  test.each<[string, Replacements]>([
    [
      'a repeated push, which asks the switch first',
      [['eosflow:push,', 'eosflow:push, Retry: [{ ErrorEquals: [eosflow.busy] }],']],
    ],
    [
      'a repeated PUT',
      ahead(
        `{ Type: Task, ${POST.replace('POST', 'PUT')}, Retry: [{ ErrorEquals: [States.ALL] }], Next: ApprovePlan }`,
      ),
    ],
    [
      'a repeated POST that only asks',
      ahead(`{ Type: Task, ${POST}, Effect: read, Retry: [{ ErrorEquals: [States.ALL] }], Next: ApprovePlan }`),
    ],
    [
      'tolerated failures of reads',
      ahead(
        `{ Type: Map, Items: [1], ToleratedFailureCount: 1, ItemProcessor: { StartAt: WaitBit, States: { WaitBit: { Type: Wait, Seconds: 1, End: true } } }, Next: ApprovePlan }`,
      ),
    ],
    [
      'waves',
      [
        [
          '    Items: targets\n    ItemProcessor:\n      StartAt: PushChange\n      States:\n',
          '    Items: waves\n    ItemProcessor:\n     StartAt: OneWave\n     States:\n      OneWave:\n       Type: Map\n       Items: wave\n       End: true\n       ItemProcessor:\n        StartAt: PushChange\n        States:\n',
        ],
        ['        PushChange:', '         PushChange:'],
        ['        VerifyChange:', '         VerifyChange:'],
      ],
    ],
  ])('takes %s', (_, replacements) => {
    expect(codes(replacements)).toEqual([])
  })
})
