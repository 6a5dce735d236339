import { describe, expect, test } from 'vitest'
import { type StateMachine, statesIn } from '../../../src/change/workflow/machine/machine.ts'
import { problemsOf } from '../../../src/text/source/located.ts'
import { linesOf } from '../../table.ts'
import { compileStates, LEAST, leastWith, problemsWith } from './states-file.ts'

const compiled = (text: string) => {
  const result = compileStates(text)
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1))
  return result.value
}

const stateNamed = (machine: StateMachine, name: string) =>
  statesIn(machine).find(({ state }) => state.name === name)?.state

describe('the states of a workflow file', () => {
  test('say what steps would say, to the plan and to the tasks', () => {
    const workflow = compiled(
      leastWith(
        ['Resource: eosflow:snapshot,', 'Resource: eosflow:snapshot, Arguments: { state: [interfaces] },'],
        ['Resource: eosflow:approve,', 'Resource: eosflow:approve, Arguments: { expires: 2h },'],
        ['Resource: eosflow:push,', 'Resource: eosflow:push, Arguments: { confirmWithin: 20m },'],
        ['checks: [reachable]', 'every: 3s, checks: [reachable, interfaces-up]'],
        ['Next: CheckTimers', 'Next: Settle'],
        ['  CheckTimers:', '  Settle: { Type: Wait, Seconds: 90, Next: CheckTimers }\n  CheckTimers:'],
      ),
    )
    expect(workflow).toMatchObject({
      form: 'states',
      state: ['interfaces'],
      approve: { expires: 7200, count: 1, notRequester: false, from: [] },
      checks: [{ name: 'reachable' }, { name: 'interfaces-up' }],
      timers: { confirmWithin: 1200, verifyWithin: 60, stableFor: 10, every: 3, perRound: 60, perWave: 0, soak: 90 },
      timerAt: { line: 15, column: 87 },
      rollout: { concurrency: 10 },
    })
    const given = ['TakeSnapshot', 'MakePlan', 'ApprovePlan', 'PushChange', 'VerifyChange', 'ConfirmChange'].map(
      (name) => stateNamed(workflow.machine, name)?.flow,
    )
    expect(given).toEqual([
      { language: 'jsonata', arguments: { state: ['interfaces'] } },
      { language: 'jsonata', arguments: {} },
      { language: 'jsonata', arguments: { expires: 7200 } },
      { language: 'jsonata', arguments: {} },
      { language: 'jsonata', arguments: { within: 60, stableFor: 10, every: 3 } },
      { language: 'jsonata', arguments: {} },
    ])
    expect(stateNamed(workflow.machine, 'PushChange')).toMatchObject({ effect: 'write', undo: { by: 'rollback' } })
  })

  test('go over switches as `rollout` says, unless they say it themselves', () => {
    const concurrency = (text: string) => {
      const { machine, rollout } = compiled(text)
      const map = stateNamed(machine, 'RollOut')
      return [rollout.concurrency, map?.kind === 'Map' ? map.maxConcurrency : undefined]
    }
    const literal = (value: number) => ({ from: 'literal', value })
    expect(concurrency(LEAST)).toEqual([10, literal(10)])
    expect(concurrency(`${LEAST}rollout: { concurrency: 3 }\n`)).toEqual([3, literal(3)])
    expect(concurrency(leastWith(['    Items: targets\n', '    Items: targets\n    MaxConcurrency: 2\n']))).toEqual([
      2,
      literal(2),
    ])
  })

  test('have a time-out in either form', () => {
    expect(compiled(LEAST).machine.timeoutSeconds).toBeUndefined()
    expect(compiled(`${LEAST}timeout: 2h\n`).machine.timeoutSeconds).toBe(7200)
    expect(problemsOf(compileStates(`${LEAST}timeout: 5\n`)).map(({ code }) => code)).toEqual(['wrong-type'])
  })

  test('a call of a service reads or writes as its method says, and answers later where a token is given', () => {
    const call = (given: string) =>
      stateNamed(
        compiled(
          leastWith([
            'Next: ApprovePlan }',
            `Next: AskService }\n  AskService: { Type: Task, Next: ApprovePlan, ${given} }`,
          ]),
        ).machine,
        'AskService',
      )
    const get = "Resource: eosflow:http, Arguments: { method: GET, url: '{% $states.context.Execution.Input.url %}' }"
    const put = 'Resource: eosflow:http, Arguments: { method: PUT, url: https://a/ }, Undo: none'
    expect(call(get)).toMatchObject({ task: 'http', effect: 'read', token: false })
    expect(call(put)).toMatchObject({ task: 'http', effect: 'write', undo: { by: 'none' }, token: false })
    expect(call(put.replace('http,', 'http.waitForTaskToken,'))).toMatchObject({ task: 'http', token: true })
    expect(call('Resource: eosflow:signal, Arguments: { message: go? }')).toMatchObject({ task: 'signal', token: true })
  })

  test.each<[string, readonly (readonly [string, string])[], string]>([
    ['steps beside states', [['startAt:', 'steps: [plan]\nstartAt:']], 'two-forms states'],
    ['no first state', [['startAt: TakeSnapshot\n', '']], 'missing-key states'],
    [
      'a first state that is not there',
      [['startAt: TakeSnapshot', 'startAt: TakeSnapshots']],
      'unknown-state TakeSnapshots',
    ],
    ['a state that leads nowhere', [['Next: MakePlan', 'Next: MakePlans']], 'unknown-state MakePlans'],
    [
      'a catcher, a rule, a default and an inner state that lead nowhere',
      [
        ['eosflow:ready,', 'eosflow:ready, Catch: [{ ErrorEquals: [States.ALL], Next: Caught }],'],
        [
          '  Done:',
          '  ChooseEnd: { Type: Choice, Choices: [{ Condition: true, Next: Ruled }], Default: Defaulted }\n  Done:',
        ],
        ['Next: VerifyChange }', 'Next: CheckTimers }'],
        ['      StartAt: ConfirmChange', '      StartAt: ConfirmChanges'],
      ],
      `
          unknown-state CheckTimers
          unknown-state Caught
          unknown-state ConfirmChanges
          unknown-state Ruled
          unknown-state Defaulted
        `,
    ],
    ['a misspelt field', [['Resource: eosflow:plan', 'Resouce: eosflow:plan']], 'unknown-key Resouce'],
    ['a type that is none', [['Type: Succeed', 'Type: Success']], 'invalid-value Success'],
    ['a task that is none', [['eosflow:ready', 'eosflow:redy']], 'schema-validation-failed eosflow'],
    ['a resource of somebody else', [['eosflow:ready', 'arn:aws:lambda']], 'schema-validation-failed arn'],
    ['JSONPath', [['Type: Succeed', "Type: Succeed, OutputPath: '$.a'"]], 'unknown-key OutputPath'],
    ['an input that is an expression', [['{ within: 1m,', "{ within: '{% $w %}',"]], "not-constant '{% $w %}'"],
    ['an input of the wrong form', [['{ within: 1m,', '{ within: 60,']], 'wrong-type 60'],
    ['an input where there is none', [['eosflow:ready,', 'eosflow:ready, Arguments: { x: 1 },']], 'unknown-key x'],
    ['a check that is none', [['[reachable]', '[reachabel]']], 'unknown-check reachabel]'],
    ['a check whose state is not read', [['[reachable]', '[interfaces-up]']], 'check-needs-state interfaces-up]'],
    [
      'an area that is none',
      [['eosflow:snapshot,', 'eosflow:snapshot, Arguments: { state: [bpg] },']],
      'invalid-value bpg]',
    ],
    [
      'a timer that is too short',
      [['eosflow:push,', 'eosflow:push, Arguments: { confirmWithin: 80s },']],
      'timer-too-short 80s',
    ],
    ['checks that can never be stable', [['stableFor: 10s', 'stableFor: 2m']], 'verify-never-ends 2m'],
    [
      'a demand that nobody can keep',
      [['eosflow:approve,', 'eosflow:approve, Arguments: { count: 2 },']],
      'approval-without-policy count',
    ],
    [
      'two approvals that ask for different things',
      [
        [
          'Next: RollOut }',
          'Next: ApproveAgain }\n  ApproveAgain: { Type: Task, Resource: eosflow:approve, Arguments: { expires: 1h }, Next: RollOut }',
        ],
      ],
      'different-arguments Arguments',
    ],
    ['an undo of a switch that is none', [['eosflow:push,', 'eosflow:push, Undo: none,']], 'fixed-by-task Undo'],
    ['an effect that is not true', [['eosflow:confirm,', 'eosflow:confirm, Effect: read,']], 'fixed-by-task Effect'],
    [
      'a write to a service without a word about its undo',
      [
        [
          'Next: ApprovePlan }',
          'Next: Tell }\n  Tell: { Type: Task, Resource: eosflow:http, Arguments: { method: POST, url: https://a/ }, Next: ApprovePlan }',
        ],
      ],
      'no-undo {',
    ],
    [
      'an undo of a service by a rollback, and arguments that it does not take',
      [
        [
          'Next: ApprovePlan }',
          'Next: Tell }\n  Tell: { Type: Task, Resource: eosflow:http, Arguments: { metod: POST, url: https://a/ }, Undo: rollback, Next: ApprovePlan }',
        ],
      ],
      `
          missing-key Arguments
          unknown-key metod
          bad-undo Undo
        `,
    ],
    [
      'all faults at once',
      [
        ['name: w', 'name: a b'],
        ['Type: Succeed', 'Type: Sukzeed'],
        ['[reachable]', '[reachabel]'],
        ['Next: MakePlan', 'Next: Nowhere'],
      ],
      `
          invalid-value a
          unknown-state Nowhere
          invalid-value Sukzeed
        `,
    ],
  ])('refuses %s', (_, replacements, expected) => {
    expect(problemsWith(...replacements)).toEqual(linesOf(expected))
  })

  test('the mend is named', () => {
    const hints = (from: string, to: string) => problemsOf(compileStates(leastWith([from, to]))).map(({ hint }) => hint)
    expect(hints('eosflow:ready', 'eosflow:redy')).toEqual(['did you mean `eosflow:ready`?'])
    expect(hints('Items: targets', 'Itmes: targets')).toEqual(['did you mean `Items`?'])
  })
})
