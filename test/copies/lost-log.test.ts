import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/change/record/sqlite/open-store.ts'
import { inProcess, temporaryFolder } from '../lab/lab.ts'

const KEYS = {
  EOSFLOW_KEY: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  EOSFLOW_CHECKPOINT_KEY: 'a1'.repeat(32),
}

const FREEZE = ['freeze', '--reason', 'x'] as const

async function project() {
  const dir = temporaryFolder({
    'eosflow.yaml': 'version: 1\n',
    'inventory.yaml': `credentials: { lab: { username: u, password: "\${env:P}" } }\ndefaults: { credentials: lab }\ndevices: { leaf1: { host: 192.0.2.1 } }\n`,
  })
  const eosflow = (...argv: readonly string[]) => inProcess(argv, dir, undefined, KEYS)
  expect((await eosflow('audit', 'key')).code).toBe(0)
  return { dir, store: join(dir, '.eosflow/store.db'), eosflow }
}

/** A store without its newest records, as one that was copied without its write-ahead log. */
async function cut({ store, eosflow }: Awaited<ReturnType<typeof project>>) {
  const before = readFileSync(store)
  expect((await eosflow(...FREEZE)).code).toBe(0)
  writeFileSync(store, before)
  for (const suffix of ['-wal', '-shm']) rmSync(store + suffix, { force: true })
}

const SAID =
  /^! store\.db lacks records that were acknowledged, up to position \d+: it was put back without its write-ahead log/m

describe('a store that has lost its newest records', () => {
  test('[3G6] is said to have by every command, and goes on being said when more is written', async () => {
    const place = await project()
    await cut(place)
    for (const line of [['executions'], ['audit', 'list'], ['audit', 'key'], [...FREEZE], ['executions']]) {
      const { stderr } = await place.eosflow(...line)
      expect([line, stderr]).toEqual([line, expect.stringMatching(SAID)])
    }
    const verified = await place.eosflow('audit verify')
    expect([verified.code, verified.stdout]).toEqual([
      6,
      expect.stringContaining('lacks records that were acknowledged'),
    ])
    rmSync(`${place.store}-lost`)
    expect((await place.eosflow('executions')).stderr).not.toMatch(SAID)
    expect((await place.eosflow('audit verify')).code).toBe(0)
  })

  test('[3G6] names the execution whose lock is there and whose record is not', async () => {
    const place = await project()
    await cut(place)
    for (const lock of ['20261129-120000-ab12', 'serve', 'comply-leaf1'])
      writeFileSync(join(place.dir, '.eosflow', `running-${lock}`), '')
    expect((await place.eosflow('executions')).stderr).toContain(
      'or from an older copy; it knows nothing of 20261129-120000-ab12, which was running. Look with',
    )
  })

  test('is no longer said of a backup in its place', { tags: ['long', 'turn'] }, async () => {
    const place = await project()
    expect((await place.eosflow('store backup b.db')).code).toBe(0)
    await cut(place)
    expect((await place.eosflow('executions')).stderr).toMatch(SAID)
    const restored = await place.eosflow('store restore b.db --set-aside --reason x')
    expect([restored.code, restored.stderr]).toEqual([0, expect.anything()])
    expect((await place.eosflow('executions')).stderr).not.toMatch(SAID)
  })

  test('[3G6] is never said where a process ended between the record and the head, or the head cannot be read', async () => {
    const place = await project()
    expect((await place.eosflow(...FREEZE)).code).toBe(0)
    const whole = readFileSync(`${place.store}-head`, 'utf8')
    for (const head of [
      '',
      'x',
      whole.slice(0, 40),
      whole.replace(/ \d+( *\n)$/, ' 1$1'),
      whole.replace(/eosflow\.audit\S+/, 'other'),
    ]) {
      writeFileSync(`${place.store}-head`, head)
      expect((await place.eosflow('executions')).stderr).not.toMatch(SAID)
    }
    rmSync(`${place.store}-head`)
    expect((await place.eosflow('executions')).stderr).not.toMatch(SAID)
    expect(existsSync(`${place.store}-lost`)).toBe(false)
  })

  test('a store in memory keeps no head', async () => {
    const store = await openStore({
      path: ':memory:',
      installKey: KEYS.EOSFLOW_KEY,
      clock: { now: () => 0, monotonic: () => 0 } as never,
    })
    expect(existsSync(':memory:-head')).toBe(false)
    await store.close()
  })
})
