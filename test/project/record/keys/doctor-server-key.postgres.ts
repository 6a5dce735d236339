import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openProjectStore } from '../../../../src/project/app/store/project-store.ts'
import { lookAtStore } from '../../../../src/project/doctor/examine.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import { hostIn } from '../../../lab/lab.ts'
import { serverForTests } from '../../../postgres/store-for-test.ts'
import { databasePlace } from '../upkeep/sealed-database.ts'

const servers = serverForTests()

const IDENTITY = `identity:
  issuers:
    - { name: corp, issuer: "https://login.example.com", audience: eosflow, clientId: eosflow }
`

test('doctor opens a store in a database, and says where the key of its servers is not known on this machine', async () => {
  const { dir } = await databasePlace(servers.server)
  appendFileSync(join(dir, 'eosflow.yaml'), IDENTITY)
  const host = hostIn(dir)
  const project = openProject(host, { project: dir })
  const said = async () =>
    (await lookAtStore(project, host)).section.points
      .map(({ health, says }) => [health, says])
      .filter(([, says]) => says !== 'execution x4 has not ended')
  const opens = ['good', expect.stringMatching(/^opens, at record \d+$/)]
  expect(await said()).toEqual([['good', 'its folder can be written'], opens])
  const { notes, store } = await openProjectStore(project, host)
  const key = 'SHA256:2HS8bJpYBy7bDfWIQN304coFKT0s6CVPABFLYq+IX5E'
  await notes.set('server-key', 'common', JSON.stringify({ version: 1, key }), { lasts: 60_000 })
  await store.close()
  expect(await said()).toEqual([
    ['good', 'its folder can be written'],
    opens,
    [
      'warning',
      `the servers of this store sign decisions with the server key ${key}, and this machine has none: it refuses what people of an identity provider approve there`,
    ],
  ])
  expect(existsSync(join(dir, '.eosflow/server.key'))).toBe(false)
  writeFileSync(join(dir, '.eosflow/server.key'), `${'1'.repeat(64)}\n`, { mode: 0o600 })
  expect(await said()).toHaveLength(2)
})
