import { MessageChannel } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import type { FrontMessage } from '../../../src/doors/http/context/message.ts'
import { runFront } from '../../../src/doors/http/front-thread.ts'
import { COOKIE, Sessions } from '../../../src/doors/http/session/sessions.ts'
import { features } from '../../../src/features/index.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { serverSettings } from '../../../src/project/files/settings/server-settings.ts'
import { Scrubber } from '../../../src/project/secret/scrubber.ts'
import { hintWords } from '../../../src/report/hint-words.ts'
import { ANN, openLab, seamsOf } from '../../lab/lab.ts'

test('a front that begins knows the browsers of the one before, but for those who log in here no more', async () => {
  const { lab, app } = await openLab().serve()
  const { notes } = app
  const before = new Sessions({ notes, clock: lab.clock, random: new SeededRandom(), isKnown: () => true })
  const [ann, ben] = [await before.open(ANN), await before.open({ ...ANN, id: 'local:1001:ben@box' })]
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => port1.postMessage({ kind: 'close' }))
  const listening = new Promise<string>((resolve) => {
    port1.on('message', (message: FrontMessage) => {
      if (message.kind === 'listening') resolve(`http://localhost:${message.port}`)
      if (message.kind !== 'notes') return
      const { id, of, change } = message
      app.file?.changeNotes(of, change).then((value) => port1.postMessage({ kind: 'done', id, value }))
    })
  })
  const host = {
    env: {},
    cwd: lab.dir,
    scrubber: new Scrubber(),
    features,
    words: hintWords,
    seams: { ...seamsOf(lab), clock: lab.clock, principal: ANN },
    exitCodeOf: () => undefined,
    verify: () => Promise.reject(new Error('nobody asks')),
  }
  const { port2: secrets } = new MessageChannel()
  onTestFinished(() => secrets.close())
  const settings = serverSettings.parse({ listen: '127.0.0.1:0' })
  runFront(port2, host, { place: { project: lab.dir }, settings, secrets }).catch(() => undefined)
  const origin = await listening
  const statusOf = async (id: string) =>
    (await fetch(`${origin}/api/v1/me`, { headers: { cookie: `${COOKIE}=${id}` } })).status
  expect([await statusOf(ann), await statusOf(ben)]).toEqual([200, 401])
})
