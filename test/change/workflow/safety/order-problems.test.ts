import { describe, expect, test } from 'vitest'
import { orderProblems } from '../../../../src/change/workflow/safety/order-problems.ts'
import type { Json } from '../../../../src/model/json.ts'
import { problemsOf } from '../../../../src/text/source/located.ts'
import { linesOf } from '../../../table.ts'
import { compileStates, leastWith, machineOf } from '../states-file.ts'

type Replacements = readonly (readonly [from: string, to: string])[]

/** The order faults of the least machine with parts replaced: their codes and messages. */
const faults = (...replacements: Replacements) =>
  problemsOf(compileStates(leastWith(...replacements))).map(({ code, message }) => `${code}: ${message}`)

const choice = (name: string, left: string, right: string) =>
  `${name}: { Type: Choice, Choices: [{ Condition: true, Next: ${left} }], Default: ${right} }`

describe('the order of tasks on every way through a machine', () => {
  test('the least machine has no fault', () => {
    expect(faults()).toEqual([])
  })

  test.each<[string, Replacements, string]>([
    [
      'a way round the save',
      [
        ['Next: SaveAll', 'Next: ChooseWay'],
        ['  SaveAll:', `  ${choice('ChooseWay', 'Done', 'SaveAll')}\n  SaveAll:`],
      ],
      'ends-unsaved: the machine can end well at `Done` with a switch whose change is not saved, which its next boot would then lose, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → VerifyChange → CheckTimers → ConfirmAll → ConfirmChange → ChooseWay → Done',
    ],
    [
      'a save of what is not confirmed',
      [
        ['Next: ConfirmAll }', 'Next: ChooseWay }'],
        ['  ConfirmAll:', `  ${choice('ChooseWay', 'SaveAll', 'ConfirmAll')}\n  ConfirmAll:`],
      ],
      'task-order: `save` can be reached where the change is not confirmed, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → VerifyChange → CheckTimers → ChooseWay → SaveAll → SaveChange',
    ],
    [
      'a way round the snapshot',
      [
        ['startAt: TakeSnapshot', 'startAt: ChooseWay'],
        ['  TakeSnapshot:', `  ${choice('ChooseWay', 'MakePlan', 'TakeSnapshot')}\n  TakeSnapshot:`],
      ],
      'task-order: `plan` can come before `snapshot`, by way of ChooseWay → MakePlan',
    ],
    [
      'a way round the approval',
      [
        ['Next: ApprovePlan }', 'Next: ChooseWay }'],
        ['  ApprovePlan:', `  ${choice('ChooseWay', 'RollOut', 'ApprovePlan')}\n  ApprovePlan:`],
      ],
      'push-unapproved: `push` can be reached without the approval that this machine asks for elsewhere, by way of TakeSnapshot → MakePlan → ChooseWay → RollOut → PushChange',
    ],
    [
      'an approval that fails and is passed over',
      [['eosflow:approve,', 'eosflow:approve, Catch: [{ ErrorEquals: [States.ALL], Next: RollOut }],']],
      'push-unapproved: `push` can be reached without the approval that this machine asks for elsewhere, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange',
    ],
    [
      'a write to a service that a dry run would reach',
      [
        ['Next: MakePlan }', 'Next: OpenTicket }'],
        [
          '  MakePlan:',
          '  OpenTicket: { Type: Task, Resource: eosflow:http, Undo: none, Arguments: { method: POST, url: https://a/ }, Next: MakePlan }\n  MakePlan:',
        ],
      ],
      'write-before-plan: a write to a service can be reached before the plan, and so in a dry run, by way of TakeSnapshot → OpenTicket',
    ],
    [
      'a plan that is made again after a failure',
      [['eosflow:plan,', 'eosflow:plan, Catch: [{ ErrorEquals: [States.ALL], Next: MakePlan }],']],
      'plan-twice: the plan can be made twice: an approval is of one plan, by way of TakeSnapshot → MakePlan → MakePlan',
    ],
    [
      'a way back to the plan',
      [
        ['Next: RollOut }', 'Next: ChooseWay }'],
        ['  CheckTimers:', `  ${choice('ChooseWay', 'MakePlan', 'RollOut')}\n  CheckTimers:`],
      ],
      'plan-twice: the plan can be made twice: an approval is of one plan, by way of TakeSnapshot → MakePlan → ApprovePlan → ChooseWay → MakePlan',
    ],
    [
      'a push before the plan',
      [
        ['startAt: TakeSnapshot', 'startAt: RollOut'],
        ['Next: CheckTimers', 'Next: TakeSnapshot'],
        ['Next: RollOut }', 'Next: CheckTimers }'],
      ],
      'task-order: `push` can be reached without a plan, by way of RollOut → PushChange',
    ],
    [
      'a good end while switches are armed',
      [
        ['Next: CheckTimers', 'Next: ChooseEnd'],
        ['  CheckTimers:', `  ${choice('ChooseEnd', 'Done', 'CheckTimers')}\n  CheckTimers:`],
      ],
      'ends-unconfirmed: the machine can end well at `Done` with a switch whose change is not confirmed, which its commit timer would then put back, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → VerifyChange → ChooseEnd → Done',
    ],
    [
      'a failed verification that is passed over',
      [
        [
          '          End: true\n',
          '          Catch: [{ ErrorEquals: [States.ALL], Next: PassOver }]\n          End: true\n',
        ],
        ['        VerifyChange:', '        PassOver: { Type: Pass, End: true }\n        VerifyChange:'],
      ],
      'confirm-unverified: `confirm` can be reached where the change is not verified, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → VerifyChange → PassOver → CheckTimers → ConfirmAll → ConfirmChange',
    ],
    [
      'a failed rollout that goes on to the confirm: switches of later waves were never pushed to',
      [['    Items: targets\n', '    Items: targets\n    Catch: [{ ErrorEquals: [States.ALL], Next: CheckTimers }]\n']],
      'confirm-unverified: `confirm` can be reached where the change is not verified, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → CheckTimers → ConfirmAll → ConfirmChange',
    ],
    [
      'a failed confirm that is called a success: switches whose confirm had not begun stay armed',
      [
        [
          '  ConfirmAll:\n    Type: Map\n',
          '  ConfirmAll:\n    Type: Map\n    Catch: [{ ErrorEquals: [States.ALL], Next: Done }]\n',
        ],
      ],
      'ends-unconfirmed: the machine can end well at `Done` with a switch whose change is not confirmed, which its commit timer would then put back, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → VerifyChange → CheckTimers → ConfirmAll → Done',
    ],
    [
      'a switch that is put back alone, its confirm having failed',
      [
        ['eosflow:confirm,', 'eosflow:confirm, Catch: [{ ErrorEquals: [States.ALL], Next: PassOver }],'],
        ['        ConfirmChange:', '        PassOver: { Type: Pass, End: true }\n        ConfirmChange:'],
      ],
      'partial-change: an iteration of `ConfirmAll` can end well with its switch put back, while others keep the change, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → VerifyChange → CheckTimers → ConfirmAll → ConfirmChange → PassOver',
    ],
    [
      'a switch that is put back alone, its verification having failed',
      [
        [
          'Next: VerifyChange }',
          'Next: VerifyChange }\n        PutBack: { Type: Task, Resource: eosflow:rollback, End: true }',
        ],
        [
          '          End: true\n',
          '          Catch: [{ ErrorEquals: [States.ALL], Next: PutBack }]\n          End: true\n',
        ],
      ],
      'partial-change: an iteration of `RollOut` can end well with its switch put back, while others keep the change, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → VerifyChange → PutBack',
    ],
    [
      'a confirm without a verification',
      [
        [
          'Next: VerifyChange }',
          `Next: ChooseCheck }\n        ${choice('ChooseCheck', 'VerifyChange', 'PassOver')}\n        PassOver: { Type: Pass, End: true }`,
        ],
      ],
      'confirm-unverified: `confirm` can be reached where the change is not verified, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → ChooseCheck → PassOver → CheckTimers → ConfirmAll → ConfirmChange',
    ],
    [
      'a look at the timers before they run',
      [
        ['Next: RollOut }', 'Next: CheckTimers }'],
        ['Next: CheckTimers\n', 'Next: ConfirmAll\n'],
        ['eosflow:ready, Next: ConfirmAll', 'eosflow:ready, Next: RollOut'],
      ],
      'task-order: `confirm` can be reached without `ready`, which asks every switch for its commit timer first, by way of TakeSnapshot → MakePlan → ApprovePlan → CheckTimers → RollOut → PushChange → VerifyChange → ConfirmAll → ConfirmChange',
    ],
    [
      'a look at the timers before the verification',
      [
        ['Next: VerifyChange }', 'End: true }'],
        [
          '        VerifyChange:',
          '    Next: CheckTimers\n  VerifyAll:\n    Type: Map\n    Items: targets\n    ItemProcessor:\n      StartAt: VerifyChange\n      States:\n        VerifyChange:',
        ],
        ['    Next: CheckTimers\n  CheckTimers:', '    Next: ConfirmAll\n  CheckTimers:'],
        ['eosflow:ready, Next: ConfirmAll', 'eosflow:ready, Next: VerifyAll'],
      ],
      'task-order: `confirm` can be reached without `ready`, which asks every switch for its commit timer first, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → CheckTimers → VerifyAll → VerifyChange → ConfirmAll → ConfirmChange',
    ],
    [
      'a push that fails and is passed over: what it wrote is put back',
      [
        ['eosflow:push,', 'eosflow:push, Catch: [{ ErrorEquals: [States.ALL], Next: PassOver }],'],
        ['        VerifyChange:', '        PassOver: { Type: Pass, End: true }\n        VerifyChange:'],
      ],
      `
          partial-change: an iteration of \`RollOut\` can end well with its switch put back, while others keep the change, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → PassOver
          confirm-unverified: \`confirm\` can be reached where the change is not verified, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → PassOver → CheckTimers → ConfirmAll → ConfirmChange
        `,
    ],
    [
      'a confirm without a look at the timers',
      [
        ['Next: CheckTimers', 'Next: ChooseWay'],
        ['  CheckTimers:', `  ${choice('ChooseWay', 'CheckTimers', 'ConfirmAll')}\n  CheckTimers:`],
      ],
      'task-order: `confirm` can be reached without `ready`, which asks every switch for its commit timer first, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → VerifyChange → ChooseWay → ConfirmAll → ConfirmChange',
    ],
    [
      'a second push after a rollback',
      [
        [
          'Next: VerifyChange }',
          'Next: VerifyChange }\n        PutBack: { Type: Task, Resource: eosflow:rollback, Next: PushChange }',
        ],
        [
          '          End: true\n',
          '          Catch: [{ ErrorEquals: [States.ALL], Next: PutBack }]\n          End: true\n',
        ],
      ],
      'push-twice: `push` can be reached a second time on one switch, by way of TakeSnapshot → MakePlan → ApprovePlan → RollOut → PushChange → VerifyChange → PutBack → PushChange',
    ],
  ])('refuses %s', (_, replacements, expected) => {
    expect(faults(...replacements)).toEqual(linesOf(expected))
  })

  test.each<[string, Replacements]>([
    [
      'a failed verification that ends badly',
      [
        [
          '    Items: targets\n',
          '    Items: targets\n    Catch: [{ ErrorEquals: [States.ALL], Next: ReportFailure }]\n',
        ],
        ['  CheckTimers:', '  ReportFailure: { Type: Fail, Error: NotGood }\n  CheckTimers:'],
      ],
    ],
    [
      'a failed rollout that is caught: its switches are put back before the catcher goes on',
      [['    Items: targets\n', '    Items: targets\n    Catch: [{ ErrorEquals: [States.ALL], Next: Done }]\n']],
    ],
    [
      'a failed verification whose switches are put back before a good end',
      [
        ['    Items: targets\n', '    Items: targets\n    Catch: [{ ErrorEquals: [States.ALL], Next: PutBack }]\n'],
        [
          '  CheckTimers:',
          '  PutBack: { Type: Map, Items: targets, Next: Done, ItemProcessor: { StartAt: RevertChange, States: { RevertChange: { Type: Task, Resource: eosflow:rollback, End: true } } } }\n  CheckTimers:',
        ],
      ],
    ],
    [
      'an end before anything was pushed',
      [
        ['Next: ApprovePlan }', 'Next: ChooseEnd }'],
        ['  ApprovePlan:', `  ${choice('ChooseEnd', 'Done', 'ApprovePlan')}\n  ApprovePlan:`],
      ],
    ],
    [
      'an approval in one of two branches',
      [
        [
          'ApprovePlan: { Type: Task, Resource: eosflow:approve, Next: RollOut }',
          'AskAround: { Type: Parallel, Next: RollOut, Branches: [{ StartAt: ApprovePlan, States: { ApprovePlan: { Type: Task, Resource: eosflow:approve, End: true } } }, { StartAt: HoldBack, States: { HoldBack: { Type: Wait, Seconds: 5, End: true } } }] }',
        ],
        ['Next: ApprovePlan }', 'Next: AskAround }'],
      ],
    ],
    [
      'a verification that is done twice',
      [
        [
          'Next: VerifyChange }',
          'Next: VerifyOnce }\n        VerifyOnce: { Type: Task, Resource: eosflow:verify, Arguments: { within: 1m, stableFor: 10s, checks: [reachable] }, Next: VerifyChange }',
        ],
      ],
    ],
    [
      'no approval at all',
      [
        ['Next: ApprovePlan }', 'Next: RollOut }'],
        ['  ApprovePlan: { Type: Task, Resource: eosflow:approve, Next: RollOut }\n', ''],
      ],
    ],
  ])('takes %s', (_, replacements) => {
    expect(faults(...replacements)).toEqual([])
  })

  test('what is in a Map over data may never happen: it may have no item', () => {
    const task = (name: string, next: string) => ({
      Type: 'Task',
      Resource: `eosflow:${name}`,
      ...(next === '' ? { End: true } : { Next: next }),
    })
    const once = (States: Readonly<Record<string, Json>>) => ({ StartAt: Object.keys(States)[0] ?? '', States })
    const machine = machineOf({
      TakeSnapshot: task('snapshot', 'MakePlan'),
      MakePlan: task('plan', 'AskEach'),
      AskEach: { Type: 'Map', Items: [], ItemProcessor: once({ ApprovePlan: task('approve', '') }), Next: 'RollOut' },
      RollOut: { Type: 'Map', Items: 'targets', ItemProcessor: once({ PushChange: task('push', '') }), Next: 'GiveUp' },
      GiveUp: { Type: 'Fail' },
    })
    expect(orderProblems(machine).map(({ code }) => code)).toEqual(['push-unapproved'])
  })
})
