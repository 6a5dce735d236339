import { expect, test, vi } from 'vitest'
import { SentBytes, type WatchedStore, Watcher } from '../../../src/doors/http/context/watcher.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { Secret } from '../../../src/model/secret.ts'
import { Scrubber } from '../../../src/project/secret/scrubber.ts'
import { type App, partOf } from '../../lab/lab.ts'

const KNOWN = { principal: { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' } } as const

test('a frame for a hundred who watch is scrubbed once, and each of them has all of it', async () => {
  const scrub = vi.fn((text: string) => text.replaceAll('hunter2', '***'))
  const app = partOf<App>({ clock: new VirtualClock(), project: { policy: () => undefined } })
  const front: WatchedStore = { app, live: { sheetOf: () => Promise.reject(new Error('none')) }, scrub }
  const watchers = Array.from(
    { length: 100 },
    () => new Watcher(front, KNOWN, { executions: new Set(), overview: false }),
  )
  for (const watcher of watchers) watcher.frame('event: record\ndata: hunter2 1\n\n')
  for (const watcher of watchers) watcher.frame('event: record\ndata: hunter2 2\n\n')
  expect(scrub).toHaveBeenCalledTimes(2)
  const read = await Promise.all(
    watchers.map(async ({ stream }) => {
      const reader = stream.getReader()
      const texts = [await reader.read(), await reader.read()].map(({ value }) => new TextDecoder().decode(value))
      return texts.join('')
    }),
  )
  expect([new Set(read).size, read[99]]).toEqual([1, 'event: record\ndata: *** 1\n\nevent: record\ndata: *** 2\n\n'])
})

test('a secret that is learnt between two sendings of a frame is not in the second', async () => {
  const scrubber = new Scrubber()
  const bytes = new SentBytes((text) => scrubber.scrub(text))
  const sent = () => new TextDecoder().decode(bytes.of('data: correct-horse-battery\n\n'))
  expect(sent()).toContain('correct-horse-battery')
  await Promise.resolve()
  scrubber.register(new Secret('correct-horse-battery'), 'env:PASSWORD')
  expect(sent()).toBe('data: <redacted>\n\n')
})
