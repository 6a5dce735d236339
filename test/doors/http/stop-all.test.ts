import { expect, test, vi } from 'vitest'
import { stopActs } from '../../../src/doors/http/act/resume.ts'
import type { Caller } from '../../../src/project/identity/caller-of.ts'
import { openLab, whileTimePasses, workflowFor } from '../../lab/lab.ts'
import { alice, ann, begunIn, deskOver, labWith } from './desk.ts'

const annWith = (tell: Caller['tell']) => ({ ...ann, tell })

test('what is wrong behind the answer that all are asked to stop is told to the server, not to whoever has asked', async () => {
  const { app, context, failed, heeded } = await deskOver(openLab())
  const id = await begunIn(app)
  const away = annWith(() => {
    vi.spyOn(app.store, 'read').mockRejectedValue(new Error('the store is away'))
  })
  expect(await stopActs['stop-all'](context, away, { reason: 'x' })).toEqual({ asked: [id], refused: [] })
  await Promise.all(heeded)
  expect(failed).toEqual([`stop ${id}: the store is away`])
})

test('the same where the whole of it fails, and before the answer whoever has asked is told', async () => {
  const { app, context, failed, heeded } = await deskOver(openLab())
  const id = await begunIn(app)
  const mute = annWith(() => {
    throw new Error('no log')
  })
  expect(await stopActs['stop-all'](context, mute, { reason: 'x' })).toEqual({ asked: [id], refused: [] })
  await Promise.all(heeded)
  expect(failed).toEqual(['stop-all: no log'])
  vi.spyOn(app.store, 'openExecutions').mockRejectedValue(new Error('the store is away'))
  await expect(stopActs['stop-all'](context, ann, { reason: 'x' })).rejects.toThrow('the store is away')
  expect(failed).toHaveLength(1)
})

test('whoever stops all hears of those that may not be stopped, as far as they may read them', async () => {
  const no = (to: string) => `{ id: no, deny: [execution.stop], to: [${to}], on: { tags: ["role:spine"] } }`
  const unread = '{ id: unread, deny: [execution.read], to: [operator], on: { tags: ["role:spine"] } }'
  for (const rules of [[no('operator')], [no('operator'), unread]]) {
    const lab = labWith({ rules })
    const { app, context, heeded } = await deskOver(lab)
    const leaf = await begunIn(app)
    lab.write('workflow.yaml', workflowFor('spine1'))
    const spine = await begunIn(app)
    const { asked, refused } = (await stopActs['stop-all'](context, alice, { reason: 'x' })) as {
      asked: readonly string[]
      refused: readonly { execution: string }[]
    }
    expect([asked, refused.map(({ execution }) => execution)]).toEqual([[leaf], rules.length === 1 ? [spine] : []])
    await whileTimePasses(lab.clock, Promise.all(heeded))
  }
})
