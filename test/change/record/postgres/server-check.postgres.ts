import { createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { judgeServer, serverFacts } from '../../../../src/change/record/postgres/server-check.ts'
import { listenInTest } from '../../../lab/loopback.ts'
import { asSuperuser, freshDatabase, ownServerForTests } from '../../../postgres/store-for-test.ts'

const servers = ownServerForTests()
const faults = async (address: Parameters<typeof serverFacts>[0]) =>
  judgeServer(await serverFacts(address, Date.now), 'single')
    .filter(({ level }) => level === 'fault')
    .map(({ what }) => what)

test('a server that takes writes of a worker and of its owner has no fault', async () => {
  const address = await freshDatabase(servers.server)
  expect(await faults(address)).toEqual([])
  expect(await faults({ ...address, user: 'postgres' })).toEqual([])
})

test('[W3] a user, or a database, that takes no writes is found by a write', async () => {
  const address = await freshDatabase(servers.server)
  const READ_ONLY = 'it takes no writes of this user: default_transaction_read_only is on'
  await asSuperuser(address, 'ALTER ROLE eos_app SET default_transaction_read_only = on')
  expect(await faults(address)).toEqual([READ_ONLY])
  expect(await faults({ ...address, user: 'postgres' })).toEqual([])
  await asSuperuser(address, 'ALTER ROLE eos_app RESET default_transaction_read_only')
  await asSuperuser(address, `ALTER DATABASE ${address.database} SET default_transaction_read_only = on`)
  expect(await faults({ ...address, user: 'postgres' })).toEqual([READ_ONLY])
})

test('[W3] a pooler that shares sessions between transactions is found by the sessions that answer', async () => {
  const address = await freshDatabase(servers.server)
  const port = await poolerTo(servers.server.port)
  expect(await faults({ ...address, port })).toEqual([
    'a pooler answers there: two sessions of the server answer one connection',
  ])
})

const READY = 'Z'.charCodeAt(0)

/** As a pooler in transaction mode: what a client sends goes to two sessions in turn, each transaction of a simple or extended query to the next. */
async function poolerTo(port: number) {
  const { connect } = await import('node:net')
  const server = createServer((client) => {
    const sessions: Socket[] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
    const [first, second] = sessions as [Socket, Socket]
    let turn = 0
    let isBegun = false
    let readyOfSecond = false
    const greeting: Buffer[] = []
    client.on('data', (bytes) => {
      if (!isBegun) {
        isBegun = true
        for (const one of sessions) one.write(bytes)
      } else sessions[turn]?.write(bytes)
    })
    second.on('data', (bytes) => {
      // Its greeting is not said twice, and that of the first one not before it: both are there from then on.
      if (readyOfSecond) client.write(bytes)
      else readyOfSecond = bytes.at(-6) === READY
      if (readyOfSecond) for (const held of greeting.splice(0)) client.write(held)
      if (turn === 1 && bytes.at(-6) === READY && bytes.at(-1) === 'I'.charCodeAt(0)) turn = 0
    })
    first.on('data', (bytes) => {
      if (!readyOfSecond) {
        greeting.push(bytes)
        return
      }
      client.write(bytes)
      if (bytes.at(-6) === READY && bytes.at(-1) === 'I'.charCodeAt(0) && readyOfSecond) turn = 1
    })
    const end = () => {
      for (const one of [client, ...sessions]) one.destroy()
    }
    for (const one of [client, ...sessions]) one.on('close', end).on('error', end)
  })
  return listenInTest(server)
}
