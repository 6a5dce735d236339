import { expect, test } from 'vitest'
import { unreachableStates } from '../../../../src/change/workflow/habit/habits.ts'
import { linesOf } from '../../../table.ts'
import { machineOf } from '../states-file.ts'

const branch = { StartAt: 'Left', States: { Left: { Type: 'Pass', End: true }, Lost: { Type: 'Pass', Next: 'Left' } } }
const task = { Type: 'Task', Resource: 'eosflow:ready' }

test('states that no way leads to are named, those inside others too, and those that only each other name', () => {
  const machine = machineOf({
    Start: { Type: 'Parallel', Branches: [branch], Next: 'Done' },
    Done: { Type: 'Succeed' },
    Ping: { Type: 'Pass', Next: 'Pong' },
    Pong: { Type: 'Pass', Next: 'Ping' },
    Nobody: {
      Type: 'Parallel',
      Branches: [{ StartAt: 'Right', States: { Right: { Type: 'Succeed' }, Wrong: { Type: 'Fail' } } }],
      End: true,
    },
  })
  expect(unreachableStates(machine).map(({ code, message }) => `${code}: ${message}`)).toEqual(
    linesOf(`
    unreachable-state: no way leads to the state \`Lost\`
    unreachable-state: no way leads to the state \`Ping\`
    unreachable-state: no way leads to the state \`Pong\`
    unreachable-state: no way leads to the state \`Nobody\`
    unreachable-state: no way leads to the state \`Wrong\`
  `),
  )
})

test('a way may be a rule, a default or a catcher', () => {
  const machine = machineOf({
    Start: { Type: 'Choice', Choices: [{ Condition: true, Next: 'One' }], Default: 'Two' },
    One: { ...task, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Three' }], End: true },
    Two: { Type: 'Succeed' },
    Three: { Type: 'Fail' },
  })
  expect(unreachableStates(machine)).toEqual([])
})
