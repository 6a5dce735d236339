import { describe, expect, test } from 'vitest'
import { errorNames } from '../../../../src/change/workflow/habit/habits.ts'
import { machineOf } from '../states-file.ts'

const task = { Type: 'Task', Resource: 'eosflow:ready', End: true }
const told = (handling: object) =>
  errorNames(machineOf({ ReadState: { ...task, ...handling }, GiveUp: { Type: 'Fail' } })).map(
    ({ message, hint }) => `${message}; ${hint}`,
  )
const retried = (...ErrorEquals: string[]) => told({ Retry: [{ ErrorEquals }] })

describe('error names', () => {
  test.each([
    ['State.ALL', 'which nothing ever has; did you mean `States.ALL`?'],
    ['States.Timout', 'which nothing ever has; did you mean `States.Timeout`?'],
    ['states.timeout', 'which nothing ever has; did you mean `States.Timeout`?'],
    ['eosflow.unreachabel', 'which nothing ever has; did you mean `eosflow.unreachable`?'],
    ['eosfow.refused', 'which nothing ever has; did you mean `eosflow.refused`?'],
  ])('%s is named', (name, why) => {
    expect(retried(name)).toEqual([`\`ReadState\` names the error \`${name}\`, ${why}`])
  })

  test('a reserved name that is near nothing comes with the list', () => {
    expect(retried('States.XYZXYZXYZXYZXYZ')[0]).toContain(
      'which nothing ever has; known are States.ALL, States.BranchFailed,',
    )
  })

  test.each(['States.Runtime', 'eosflow.bug', 'eosflow.store', 'eosflow.cancelled', 'eosflow.not-authorised'])(
    '%s is told: nothing takes it',
    (name) => {
      expect(retried(name)).toEqual([
        `\`ReadState\` names \`${name}\`, which no Retry and no Catch ever takes; delete it: such an error ends the execution, which is then undone`,
      ])
    },
  )

  test('each name once, in Catch too', () => {
    const Catch = [{ ErrorEquals: ['State.ALL'], Next: 'GiveUp' }]
    expect(told({ Retry: [{ ErrorEquals: ['State.ALL'] }], Catch })).toHaveLength(1)
    expect(told({ Catch })).toHaveLength(1)
  })

  test('known names, statuses of services and names of others are fine', () => {
    expect(
      retried(
        'States.Timeout',
        'States.Http.StatusCode.503',
        'eosflow.lost-answer',
        'Lambda.Unknown',
        'Status.Failed',
        'NotReady',
      ),
    ).toEqual([])
    expect(retried('States.ALL')).toEqual([])
  })
})
