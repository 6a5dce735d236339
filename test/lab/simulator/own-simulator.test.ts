import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { ownSimulatorOf } from '../../../src/project/switches/connect/own-simulator.ts'
import { temporaryFolder } from '../folder.ts'

const NAMES = Array.from({ length: 30 }, (_, index) => `leaf${index}`)

const INVENTORY = `version: 1
credentials:
  lab: { username: admin, password: admin, simulated: true }
defaults: { credentials: lab, transport: eapi, protocol: http }
devices:
${NAMES.map((name, index) => `  ${name}: { host: 127.0.0.1, port: ${10_000 + index} }`).join('\n')}
`

/** A port that says after a while that it is no simulator, and how many have asked it at once. */
async function answerer(until: () => Promise<unknown>) {
  const asked = { now: 0, most: 0, all: 0 }
  const server = createServer(async (socket) => {
    socket.on('error', () => undefined)
    asked.all += 1
    asked.now += 1
    asked.most = Math.max(asked.most, asked.now)
    await until()
    asked.now -= 1
    socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return { asked, port: (server.address() as AddressInfo).port }
}

/** Asks all switches of a fleet at once who answers at a port. Gives how many were refused. */
async function refusedAt(port: number) {
  const inventory = parseInventory(INVENTORY, 'inventory.yaml')
  if (!inventory.ok) throw new Error(inventory.problems[0].message)
  const judgeOf = ownSimulatorOf({ dir: temporaryFolder() }, inventory.value)
  const judged = NAMES.map((name) => judgeOf(name)?.({ host: '127.0.0.1', port, secure: false }))
  return (await Promise.allSettled(judged)).filter(({ status }) => status === 'rejected').length
}

test('eight simulated switches of a fleet are asked at once, and the others wait for no other fleet', async () => {
  let letGo: () => void = () => undefined
  const others = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const held = await answerer(() => others)
  const prompt = await answerer(() => after(20))
  const first = refusedAt(held.port)
  while (held.asked.now < 8) await after(1)
  expect(await refusedAt(prompt.port)).toBe(30)
  expect(prompt.asked).toEqual({ now: 0, most: 8, all: 30 })
  expect(held.asked).toEqual({ now: 8, most: 8, all: 8 })
  letGo()
  expect(await first).toBe(30)
  expect(held.asked).toEqual({ now: 0, most: 8, all: 30 })
})
