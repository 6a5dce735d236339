import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newProject } from '../../../doors/cli/eosflow.ts'
import { inProcess } from '../../../lab/lab.ts'
import { adminOf, asSuperuser, ownServerForTests } from '../../../postgres/store-for-test.ts'
import { writeStore } from './moved-project.ts'
import { typedIn } from './typed-in.ts'

const done = (dir: string, argv: readonly string[]) => typedIn(dir).done(...argv)
const refused = (dir: string, argv: readonly string[], code: number, words: string | RegExp) =>
  typedIn(dir).refused(code, words, ...argv)

const servers = ownServerForTests({ isBare: true })

// It must be the first one: the roles are those of the whole server, and there are none yet.
test('whoever moves a store into an empty database has one made there, and reads where the user may not', {
  tags: 'turn',
}, async () => {
  const admin = adminOf(servers.server)
  await asSuperuser(
    admin,
    "CREATE DATABASE owned ENCODING 'UTF8' TEMPLATE template0",
    "CREATE DATABASE other ENCODING 'UTF8' TEMPLATE template0",
    'CREATE ROLE mover LOGIN',
  )
  const dir = await newProject()
  const move = (name: string, user: string) => {
    const url = servers.server.url(name).replace('postgres@', `${user}@`)
    return inProcess(['store', 'move', '.', url, '--reason', 'x'], dir)
  }
  await done(dir, ['freeze', '--reason', 'x'])
  const none = expect.stringContaining('mover may not make the roles and the schema of the store')
  expect(await move('other', 'mover')).toMatchObject({ code: 1, stderr: none })
  await done(dir, ['store', 'init', servers.server.url('other')])
  await asSuperuser(admin, 'GRANT eos_worker TO mover')
  const not = expect.stringMatching(
    /mover may not do what its owner does\n {4}Do it as the user of eosflow store init: a worker may not\.\n$/,
  )
  expect(await move('other', 'mover')).toMatchObject({ code: 1, stderr: not })
  expect(await move('owned', 'postgres')).toMatchObject({ code: 0, stderr: '' })
  writeStore(dir, servers.server.url('owned'))
  expect((await inProcess('audit list', dir)).stdout).toContain('moved the store to postgres://postgres@127.0.0.1')
})

/** A project whose store is to be in a new database of this name. */
async function projectOn(name: string) {
  await asSuperuser(adminOf(servers.server), `CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`)
  return settledOn(name)
}

async function settledOn(name: string) {
  const dir = await newProject()
  writeStore(dir, servers.server.url(name))
  return dir
}

describe('a store of a newer layout', () => {
  test('is refused by name by whatever would write to it, and by whoever would call it intact', {
    tags: 'turn',
  }, async () => {
    const dir = await projectOn('newer')
    await done(dir, ['store', 'init'])
    const at = { ...adminOf(servers.server), database: 'newer' }
    await asSuperuser(at, `INSERT INTO eosflow.migration(number, name) VALUES (99, 'later')`)
    for (const typed of [['executions'], ['store', 'init'], ['store', 'migrate'], ['audit', 'verify']])
      await refused(dir, typed, 1, 'has layout 99; this eosflow works with')
    expect(await inProcess('store check', dir)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('has layout 99; this eosflow works with'),
    })
    const rows = await asSuperuser(at, 'SELECT count(*) AS steps FROM eosflow.migration WHERE number = 99')
    expect(rows).toEqual([{ steps: 1 }])
  })
})

test('[W5] a user without rights reads that, and not that there is no store', async () => {
  const admin = adminOf(servers.server)
  const dir = await projectOn('rights')
  const url = servers.server.url('rights')
  await asSuperuser(admin, 'CREATE ROLE stranger LOGIN')
  const none = await inProcess('store check', dir)
  expect(none).toMatchObject({ code: 1, stdout: expect.stringContaining('there is no store in this database') })
  await done(dir, ['store', 'init'])
  await done(dir, ['store', 'check'])
  writeStore(dir, url.replace('postgres@', 'stranger@'))
  for (const typed of [['executions'], ['audit', 'verify']])
    await refused(dir, typed, 1, 'GRANT eos_worker TO stranger')
  expect(await inProcess('store check', dir)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('GRANT eos_worker TO stranger'),
  })
  // The statement works as it is printed, whatever the name is; and who makes roles is made no worker.
  await asSuperuser(admin, 'CREATE ROLE "dc1-workers" LOGIN', 'CREATE ROLE keeper LOGIN CREATEROLE')
  const hintFor = async (user: string) => {
    writeStore(dir, url.replace('postgres@', `${user}@`))
    return (await inProcess('executions', dir)).stderr
  }
  const [, statement = ''] = /(GRANT eos_worker TO .*?)\.?$/m.exec(await hintFor('dc1-workers')) ?? []
  expect(statement).toBe('GRANT eos_worker TO "dc1-workers"')
  await asSuperuser(admin, statement)
  await done(dir, ['executions'])
  const keeper = await hintFor('keeper')
  expect(keeper).toContain('name the login of workers')
  expect(keeper).toContain('GRANT eos_owner TO keeper')
  expect(keeper).not.toContain('GRANT eos_worker')
})

test('a second machine without the install key is told so, and no other key is made there', {
  tags: 'turn',
}, async () => {
  const [one, two] = [await projectOn('second'), await settledOn('second')]
  await done(one, ['store', 'init'])
  for (const typed of [['store', 'init'], ['executions'], ['freeze', '--reason', 'x']]) {
    const said = await inProcess(typed, two)
    expect(said.stderr, typed.join(' ')).toContain('the store is in a database, and its install key is not here')
    expect(existsSync(join(two, '.eosflow', 'install.key')), typed.join(' ')).toBe(false)
  }
  // Once more where the key is.
  await done(one, ['store', 'init'])
})
