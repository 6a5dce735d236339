import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { LONG, openLeaves, serveProject } from '../doors/cli/running.ts'
import { extentOfLong } from '../extent.ts'
import { exits, json, soon } from '../lab/lab.ts'
import { ask } from '../lab/visitor.ts'
import { CHANGE } from './server-process.ts'

test('[G20] [G21] [G22] [G23] [B1] a gigabyte, slow readers, slow writers and a thousand strangers: the engine does not notice', async () => {
  const bench = await openLeaves(2, LONG)
  const served = await serveProject(bench)
  const { origin, get, post } = served
  const { port } = new URL(origin)
  const id = String((await post('/api/v1/executions', CHANGE)).json.execution)
  await soon(async () => (await get(`/api/v1/executions/${id}`)).json.waitingFor !== undefined)
  await post(`/api/v1/plans/${String((await get(`/api/v1/executions/${id}`)).json.plan)}/decisions`, {
    decision: 'approve',
  })
  await soon(async () => (await bench.eosflow(`history ${id} --json`)).out.includes('"VerdictGiven"'))

  // Who sends its head slowly, who does not read, who announces a gigabyte.
  const [begun, hungUp]: [number, number[]] = [performance.now(), []]
  const sockets = Array.from({ length: 50 }, (_, index) => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined)
    const isHalf = index % 2 === 0
    if (isHalf) socket.resume().on('close', () => hungUp.push(performance.now() - begun))
    socket.write(
      isHalf
        ? 'POST /login HTTP/1.1\r\nHost: x'
        : `POST /login HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${origin}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 1073741824\r\n\r\nlink=`,
    )
    return socket
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  const statuses = new Map<number, number>()
  const asks = async () => {
    for (let count = 0; count < extentOfLong(20, 200); count += 1) {
      const { status } = await ask(origin, 'GET', '/api/v1/executions')
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 50 }, asks))
  expect(Object.fromEntries(statuses)).toEqual({ 401: extentOfLong(1_000, 10_000) })
  const injected = await ask(origin, 'GET', '/login?link=%0d%0aset-cookie:%20x=y')
  expect([injected.status, injected.headers['set-cookie']]).toEqual([422, undefined])
  // Whoever does not end a head is hung up on after 10 s, and not when Node next looks at its connections.
  await soon(() => hungUp.length === 25, 40_000)
  expect([Math.min(...hungUp) > 9_500, Math.max(...hungUp) < 15_000], hungUp.join()).toEqual([true, true])

  await soon(async () => (await get(`/api/v1/executions/${id}`)).json.status === 'ended', 110_000)
  const ended = (await get(`/api/v1/executions/${id}`)).json
  expect(ended.outcome).toBe('succeeded')
  // Every round of the verification was in time: none was late by more than a moment, whatever the front had to do.
  const history = (await json(bench.eosflow(`history ${id} --json`))) as readonly {
    type: string
    at: string
  }[]
  expect(history.filter(({ type }) => type === 'TaskTimedOut')).toEqual([])
  served.process.kill('SIGTERM')
  await exits(0, served.process.ended)
})
