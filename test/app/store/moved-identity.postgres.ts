import { expect, test } from 'vitest'
import { inProcess } from '../../cli/in-process.ts'
import { asSuperuser, serverForTests } from '../../postgres/store-for-test.ts'
import { movedProject, writeStore } from './moved-project.ts'

const servers = serverForTests()

test.each([
  [
    'another origin',
    `UPDATE moved SET origin = 'eosflow.audit/0123456789abcdef'`,
    4,
    'the register says something else of what was moved here',
  ],
  ['no origin', 'DELETE FROM moved', 4, 'what is kept of the store that was moved here is gone'],
])('a store that passes for another one is not opened: %s', async (_, change, code, says) => {
  const { dir, url } = await movedProject(servers.server, 4)
  expect((await inProcess(['store', 'init', url], dir)).code).toBe(0)
  expect((await inProcess(['store', 'move', '.', url, '--reason', 'more than one machine'], dir)).code).toBe(0)
  writeStore(dir, url)
  expect(await inProcess(['executions'], dir)).toMatchObject({ code: 0, stderr: '' })
  const address = {
    host: '127.0.0.1',
    port: servers.server.port,
    database: new URL(url).pathname.slice(1),
    user: 'postgres',
  }
  await asSuperuser(address, change)
  // An approval that was given for the other store would count here.
  expect(await inProcess(['executions'], dir)).toMatchObject({ code, stderr: expect.stringContaining(says) })
})
