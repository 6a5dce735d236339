import { expect, onTestFinished, test, vi } from 'vitest'
import { RecordAnswers } from '../../src/change/record/chains/record-answers.ts'
import { listExecutions } from '../../src/project/history/executions/list-executions.ts'
import { executionEntryJson } from '../../src/report/execution/row.ts'
import { appOf, exits, openLab, personNamed, workflowFor } from '../lab/lab.ts'

test('of a list of all, those that have ended are not read as a whole, and are listed as they are elsewhere', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  await exits(0, lab.change())
  lab.write('other.yaml', workflowFor('leaf1').replaceAll('998', '997'))
  await lab.ok('plan other.yaml')
  lab.write('third.yaml', workflowFor('leaf2'))
  await lab.exits(12, 'run third.yaml --detach')
  const read = vi.spyOn(RecordAnswers.prototype, 'read')
  onTestFinished(() => read.mockRestore())
  const { out } = await lab.ok('executions --json')
  const { executions } = JSON.parse(out) as {
    executions: readonly { id: string; outcome: string | null }[]
  }
  expect(executions.map(({ outcome }) => outcome)).toEqual([null, 'succeeded'])
  const whole = read.mock.calls.filter(([, types]) => types === undefined)
  expect(whole.map(([execution]) => execution)).toEqual([executions[0]?.id])
  const wanted = { target: undefined, states: [], touched: false, most: 10, kind: 'changes' as const }
  const { rows } = await listExecutions(await appOf(lab), personNamed('local'), wanted)
  expect(`{"version":1,"executions":[${rows.map(executionEntryJson).join(',')}]}\n`).toBe(out)
})
