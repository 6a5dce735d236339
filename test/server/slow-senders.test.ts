import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listenAt } from '../../src/server/listen.ts'

test('[B1] whoever begins a head and does not end it is hung up on after 10 s, and not half a minute later', {
  tags: 'night',
  timeout: 40_000,
}, async () => {
  const listener = await listenAt({
    listen: '127.0.0.1:0',
    clock: { sleep: () => new Promise(() => undefined), now: Date.now },
    fetch: () => new Response('x'),
  })
  onTestFinished(() => listener.close())
  const begun = performance.now()
  await new Promise<void>((resolve) => {
    const socket = connect(listener.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a'))
    socket.resume()
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
  })
  const seconds = (performance.now() - begun) / 1000
  expect(seconds).toBeGreaterThan(9)
  expect(seconds).toBeLessThan(14)
})
