import { expect, test } from 'vitest'
import { executionViewSchema } from '../../src/report/view/execution-view.ts'
import { exits, json, openLab } from '../lab/lab.ts'

test('show says the sentence of the view first, and --json of every command holds the same view', async () => {
  const lab = openLab()
  lab.fabric.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
  await exits(6, lab.change())
  const shown = await json(lab.eosflow('show @latest --json'))
  const view = executionViewSchema.parse(shown.view)
  expect(view.headline).toBe('leaf1 was not good after the commit, so everything was put back')
  expect([view.outcome, shown.outcome]).toEqual(['rolled-back', 'rolled-back'])
  expect(view.approvals.map(({ decision, isUsed }) => [decision, isUsed])).toEqual([['approve', true]])
  const { out } = await lab.eosflow('show @latest')
  expect(out).toContain(`\n${view.headline}.\n${view.unattended}\n`)
  const lines = (await lab.eosflow('watch @latest --json')).out.trimEnd().split('\n')
  const last = JSON.parse(lines.at(-1) ?? '')
  expect({ ...last.view, asOf: '' }).toEqual({ ...view, asOf: '' })
})

test('of one that waits, the view says what somebody has to do', async () => {
  const lab = openLab()
  await exits(12, lab.eosflow('run workflow.yaml --detach'))
  const shown = await json(lab.eosflow('show @latest --json'))
  const { needs, mark, isRunning } = executionViewSchema.parse(shown.view)
  expect(needs.map(({ act, devices }) => [act, devices])).toEqual([['approve', ['leaf1']]])
  expect([mark.word, isRunning]).toEqual(['Waits for approval', false])
})
