import { EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import type { FrontMessage } from '../../../src/doors/http/context/message.ts'
import { FrontSupervisor } from '../../../src/doors/http/serve.ts'
import { ANN, openLab, partOf } from '../../lab/lab.ts'

test('whoever takes over the front writes none of what the main thread goes by', async () => {
  const { app, lab, room } = await openLab().serve()
  const log: string[] = []
  const said: object[] = []
  const front = Object.assign(new EventEmitter(), {
    postMessage: (message: object) => said.push(message),
    terminate: async () => 0,
  })
  const hear = (message: FrontMessage) => front.emit('message', message)
  const supervisor = new FrontSupervisor(
    {
      app,
      principal: ANN,
      console: { tell: (text) => log.push(text) },
      front: () => {
        setImmediate(() => hear({ kind: 'listening', port: 1, origin: 'http://localhost:1' }))
        return partOf<Worker>(front)
      },
      listening: () => undefined,
    },
    room,
    undefined,
  )
  onTestFinished(async () => {
    const closed = supervisor.close()
    await lab.clock.advance(300)
    await closed
  })
  await supervisor.begin()
  const change = { was: undefined, list: new Uint8Array([1]), put: [], gone: [] }
  const kinds = ['challenge', 'sent browser', 'request', 'event', 'spent begun', 'session', 'link', 'spent logged-out']
  for (const [id, of] of kinds.entries()) hear({ kind: 'notes', id, of, change })
  await expect.poll(() => said.length).toBe(8)
  const answers = said as readonly { readonly id: number; readonly kind: string }[]
  expect(answers.toSorted((a, b) => a.id - b.id).map(({ kind, id }) => [kinds[id], kind])).toEqual([
    ['challenge', 'failed'],
    ['sent browser', 'failed'],
    ['request', 'failed'],
    ['event', 'failed'],
    ['spent begun', 'failed'],
    ['session', 'done'],
    ['link', 'done'],
    ['spent logged-out', 'done'],
  ])
  expect(log).toHaveLength(5)
  expect(log[0]).toContain('the front has no note of the kind "challenge" to keep')
})
