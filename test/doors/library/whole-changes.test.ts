import { expect, test } from 'vitest'
import type { ExecutionEvent } from '../../../src/index.ts'
import { inLab } from '../../lab/code.ts'
import { isSaved, openLab, WORKFLOW, workflowFor } from '../../lab/lab.ts'
import { faultsBy } from './schemas.ts'

test('a change is planned, approved by its digest, started and followed to its end', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  const project = await lab.code()
  const seen: ExecutionEvent[] = []
  const { planned, decided, started, ended } = await inLab(
    lab,
    (async () => {
      const planned = await project.plan({ workflow: 'workflow.yaml' })
      const { plan, digest } = planned
      const decided = await project.decide({ decision: 'approve', plan, digest, comment: 'looked at' })
      const started = await project.start({ plan })
      for await (const event of project.follow(started.execution)) seen.push(event)
      return { planned, decided, started, ended: await project.settled(started.execution) }
    })(),
  )
  expect(planned).toMatchObject({ version: 1, kind: 'plan', summary: { changed: 1, unchanged: 0 } })
  expect(decided).toMatchObject({ decision: 'approve', plan: planned.digest, enough: true })
  expect(started).toEqual({ execution: expect.stringMatching(/^\d{8}-\d{6}-[0-9a-f]{8}$/), isRunning: true })
  expect(ended).toMatchObject({ id: started.execution, status: 'ended', outcome: 'succeeded', exitCode: 0 })
  expect(seen[0]).toMatchObject({ v: 1, type: 'ExecutionStarted', execution: started.execution })
  expect(seen.at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'succeeded' })
  expect(seen.map(({ seq }) => seq)).toEqual([...seen.map(({ seq }) => seq)].sort((a, b) => a - b))
  expect([lab.whereIs('leaf1'), isSaved(lab.device('leaf1'))]).toEqual(['AFTER', true])
  expect(await faultsBy('plan-result', planned)).toEqual([])
  expect(await faultsBy('decision-result', decided)).toEqual([])
  expect(await faultsBy('execution-result', ended)).toEqual([])
  expect(await faultsBy('history-result', seen)).toEqual([])
})

test('a change that is stopped under its commit timer is put back before stop resolves', {
  tags: ['long', 'turn'],
}, async () => {
  const workflow = workflowFor('leaf1', {
    push: '{ confirmWithin: 60m }',
    verify: '{ within: 50m, stableFor: 40m, every: 30s, checks: [reachable] }',
  })
  const lab = openLab({ workflow })
  const project = await lab.code()
  const { stopped, last } = await inLab(
    lab,
    (async () => {
      const { plan, digest } = await project.plan({ workflow: 'workflow.yaml' })
      const started = await project.start({ plan, approve: digest })
      let last = ''
      for await (const { type } of project.follow(started.execution)) {
        last = type
        if (type === 'VerdictGiven') break
      }
      return { last, stopped: await project.stop(started.execution, { reason: 'not today' }) }
    })(),
  )
  expect(last).toBe('VerdictGiven')
  expect(stopped).toMatchObject({
    status: 'ended',
    outcome: 'cancelled',
    devices: [{ name: 'leaf1', end: 'reverted' }],
  })
  expect(lab.whereIs('leaf1')).toBe('BEFORE')
})

test('a change file is planned and started as at the command line: once, and with nothing beside it', async () => {
  const lab = openLab({
    files: {
      'workflows/vlan.yaml': WORKFLOW,
      'changes/2026-01-05-vlan998.yaml': 'version: 1\nworkflow: vlan\nticket: CHG-1\n',
    },
  })
  const project = await lab.code()
  const workflow = 'changes/2026-01-05-vlan998.yaml'
  const first = await inLab(lab, project.start({ workflow }))
  const again = await inLab(lab, project.start({ workflow }))
  expect([first.isRunning, again]).toEqual([true, { execution: first.execution, isRunning: false }])
  const { plan } = await inLab(lab, project.plan({ workflow }))
  expect(plan.content.changeFile).toMatchObject({ file: workflow, ticket: 'CHG-1' })
  for (const beside of [{ target: 'leaf1' }, { params: { vlan: 3 } }])
    await expect(inLab(lab, project.plan({ workflow, ...beside }))).rejects.toMatchObject({ name: 'InputError' })
})
