import { expect, test } from 'vitest'
import { localDispatcher } from '../../../../src/project/app/dispatch/open-dispatcher.ts'
import { dispatchTo } from '../../../../src/project/app/dispatch/worker-dispatch.ts'
import { planChange } from '../../../../src/project/execution/begin/begin-change.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import { appWith, asking, openLab, preparedIn, whileTimePasses, workflowFor } from '../../../lab/lab.ts'
import { ANN, openedIn, published } from './opened.ts'

test('a plan of files that nobody has published is made by the process that asks for it, and handed to no worker', async () => {
  const lab = openLab({ files: { 'workflows/leaf.yaml': workflowFor('leaf1') } })
  const opened = await openedIn(lab.dir, { lab })
  await published(opened)
  lab.write('workflows/leaf.yaml', workflowFor('leaf2', { lines: ['vlan 666'] }))
  const dispatcher = localDispatcher(lab.clock)
  const taken: string[] = []
  void dispatcher.work(['default'], 4, async ({ execution }) => void taken.push(execution))
  const project = openProject(opened, { project: lab.dir })
  const dispatch = dispatchTo(dispatcher, project, (_, error) => expect.fail(String(error)))
  const app = appWith(opened, { project, dispatch })
  const prepared = preparedIn(app, 'workflows/leaf.yaml')
  const planned = await whileTimePasses(lab.clock, planChange(app, asking(ANN), { prepared, skipUnreachable: false }))
  if (planned.plan === undefined) throw new Error('no plan was made')
  expect([planned.isDraft, taken]).toEqual([true, []])
  expect(planned.plan.content.waves).toEqual([['leaf2']])
  expect(['leaf1', 'leaf2'].map((name) => lab.whereIs(name))).toEqual(['BEFORE', 'BEFORE'])
})
