// @module-tag long
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Lab } from '../lab/lab.ts'
import { leafLab, PROJECT_FILES } from './two-leaves.ts'

const WORKFLOW = 'workflows/add-vlan.yaml'
const VLAN = ['-p', 'vlan=120'] as const
const ROTATE = ['key', 'rotate', 'install', '--reason', 'a laptop was lost'] as const

const fileOf = ({ dir }: Lab, name: string) => join(dir, '.eosflow', name)
const textOf = (bench: Lab, name: string) => readFileSync(fileOf(bench, name), 'utf8').trim()
const modeOf = (bench: Lab, name: string) => (statSync(fileOf(bench, name)).mode & 0o777).toString(8)
const isThere = (bench: Lab, name: string) => existsSync(fileOf(bench, name))

async function rotated(bench: Lab) {
  const { code, out, err } = await bench.eosflow(...ROTATE, '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return JSON.parse(out) as { readonly from: string; readonly to: string }
}

async function expectIntact(bench: Lab) {
  const { code, out, err } = await bench.eosflow('audit verify')
  expect({ code, err, out }, err).toMatchObject({ code: 0, out: expect.stringContaining('✔') })
  return out
}

/** A change with the task of asking its owner between the approval and the push. */
const ASKED = readFileSync(new URL('./asked-owner.yaml', import.meta.url), 'utf8')

describe('the install key is replaced', () => {
  test('with new keys in files for their owner alone, and the whole record verifies', async () => {
    const bench = leafLab(1)
    await bench.ok('plan', WORKFLOW, ...VLAN)
    const old = textOf(bench, 'install.key')
    const { from, to } = await rotated(bench)
    expect([from, to]).toEqual([expect.stringMatching(/^[0-9a-f]{8}$/), expect.stringMatching(/^[0-9a-f]{8}$/)])
    expect(textOf(bench, 'install.key')).toMatch(/^[0-9a-f]{64}$/)
    expect(textOf(bench, 'install.key')).not.toBe(old)
    expect(textOf(bench, 'install.old.keys')).toBe(old)
    expect([modeOf(bench, 'install.key'), modeOf(bench, 'install.old.keys')]).toEqual(['600', '600'])
    expect(isThere(bench, 'install.next.key')).toBe(false)
    expect(await expectIntact(bench)).not.toContain('is not here')
    const listed = await bench.eosflow('key list')
    expect(listed.out).toContain(`key id ${to}`)
    expect(listed.out).toContain('has replaced 1 key')
    expect((await bench.eosflow('audit list')).out).toContain(`the install key ${from} was replaced by ${to}`)
    for (const key of [old, textOf(bench, 'install.key')]) expect(bench.printed).not.toContain(key)
  })

  test('between the approval of a change and its push: what was approved still counts', {
    tags: 'turn',
  }, async () => {
    const bench = leafLab(1)
    await bench.exits(12, 'run', WORKFLOW, ...VLAN, '--detach')
    await bench.ok('approve @latest')
    await rotated(bench)
    await bench.ok('resume @latest')
    await expectIntact(bench)
  })

  test('while a change waits for an answer: the token that was given out before is still its token', {
    tags: 'turn',
  }, async () => {
    const bench = leafLab(1, { files: { ...PROJECT_FILES.files, 'workflows/asked.yaml': ASKED } })
    await bench.exits(12, 'run workflows/asked.yaml --detach')
    await bench.ok('approve @latest')
    await bench.exits(12, 'resume @latest --detach')
    const shown = async () =>
      /eosflow-task-[A-Za-z0-9_-]{43}/.exec((await bench.eosflow('show @latest --tokens')).out)?.[0] ?? ''
    const token = await shown()
    expect(token).not.toBe('')
    const { from } = await rotated(bench)
    expect(await shown()).toBe(token)
    renameSync(fileOf(bench, 'install.old.keys'), fileOf(bench, 'elsewhere'))
    const lacking = `the install key ${from}, which the store was under before and which is not here`
    expect((await bench.eosflow('show @latest --tokens')).out).toContain(
      `0 tokens\n! 1 other token made under ${lacking}`,
    )
    expect(JSON.parse((await bench.eosflow('show @latest --tokens --json')).out)).toMatchObject({
      tokens: [],
      others: 1,
      lackingKeys: [from],
    })
    expect(await bench.eosflow('resume @latest')).toMatchObject({
      code: expect.any(Number),
      err: expect.stringContaining(`made under ${lacking}`),
    })
    renameSync(fileOf(bench, 'elsewhere'), fileOf(bench, 'install.old.keys'))
    await bench.ok('signal', token, '--output', 'null')
    await bench.ok('resume @latest')
    await expectIntact(bench)
  })

  test('a plan that was saved before, and is not begun, is refused: a thief of the old key could have sealed it', async () => {
    const bench = leafLab(1)
    await bench.ok('plan', WORKFLOW, ...VLAN, '-o', 'p.plan')
    await bench.ok('approve p.plan')
    await rotated(bench)
    const ended = await bench.eosflow('run p.plan')
    expect(ended.code).toBe(5)
    expect(ended.err).toContain('the plan was sealed under an install key that was replaced')
  })

  test('with the old key taken away, the record verifies, and says which key it was not judged by', {
    tags: 'turn',
  }, async () => {
    const bench = leafLab(1)
    await bench.ok('plan', WORKFLOW, ...VLAN)
    const { from } = await rotated(bench)
    rmSync(fileOf(bench, 'install.old.keys'))
    expect(await expectIntact(bench)).toContain(
      `the install key ${from}, which the store was under before, is not here`,
    )
  })

  test('by what the environment gives, where that gives the key', { tags: 'turn' }, async () => {
    const [one, two] = ['the first key of this store: 32 or more', 'the second key of this store: 32 or more']
    const env: Record<string, string> = { EOSFLOW_KEY: one }
    const bench = leafLab(1, { env })
    await bench.ok('plan', WORKFLOW, ...VLAN)
    const without = await bench.eosflow(...ROTATE)
    expect(without).toMatchObject({ code: 1, err: expect.stringContaining('EOSFLOW_NEXT_KEY') })
    Object.assign(env, { EOSFLOW_NEXT_KEY: two })
    await rotated(bench)
    await expectIntact(bench)
    Object.assign(env, { EOSFLOW_KEY: two, EOSFLOW_OLD_KEYS: one })
    delete env.EOSFLOW_NEXT_KEY
    expect(await expectIntact(bench)).not.toContain('is not here')
    Object.assign(env, { EOSFLOW_KEY: one })
    delete env.EOSFLOW_OLD_KEYS
    expect(await bench.eosflow('executions')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/was written under another key: under [0-9a-f]{8}, and the one here is [0-9a-f]{8}/),
    })
    expect(isThere(bench, 'install.key')).toBe(false)
    for (const key of [one, two]) expect(bench.printed).not.toContain(key)
  })

  test('for a reason that repeats the key: the record has none of it', { tags: 'turn' }, async () => {
    const bench = leafLab(1)
    await bench.ok('plan', WORKFLOW, ...VLAN)
    const key = textOf(bench, 'install.key')
    await bench.ok(...ROTATE.slice(0, 4), `a stranger knows ${key}`)
    const stored = readFileSync(fileOf(bench, 'store.db'), 'latin1')
    expect(stored).toContain('a stranger knows ')
    expect(stored).not.toContain(key)
    await expectIntact(bench)
  })

  test('for a reason alone, and by whom the policy lets', async () => {
    const bench = leafLab(1)
    await bench.exits(3, 'key rotate install')
    bench.write('policy.yaml', 'version: 1\nrules: [{ id: read, allow: [execution.read], to: ["kind:person"] }]\n')
    await bench.exits(4, ...ROTATE)
    expect(isThere(bench, 'install.next.key')).toBe(false)
  })
})

/** What a process that is killed leaves, after each of its steps: the file that it has written or moved last. */
const FILES = ['install.key', 'install.next.key', 'install.old.keys', 'store.db'] as const

describe('killed', { tags: 'turn' }, () => {
  /** The files before a rotation and after it, and what it has put where. */
  async function states() {
    const bench = leafLab(1)
    await bench.ok('plan', WORKFLOW, ...VLAN)
    const keep = (file: string) => copyFileSync(fileOf(bench, file), fileOf(bench, `${file}.before`))
    for (const file of ['install.key', 'store.db']) keep(file)
    const ids = await rotated(bench)
    const [before, after] = [textOf(bench, 'install.old.keys'), textOf(bench, 'install.key')]
    const put = (file: (typeof FILES)[number], text: string | undefined) => {
      if (text === undefined) rmSync(fileOf(bench, file), { force: true })
      else writeFileSync(fileOf(bench, file), `${text}\n`, { mode: 0o600 })
    }
    return { bench, ids, before, after, put }
  }

  test.each([
    ['behind the next key', false, ['before', 'after', undefined]],
    ['behind the transaction', true, ['before', 'after', undefined]],
    ['behind the old keys', true, ['before', 'after', 'before']],
    ['behind the new key at its place', true, ['after', 'after', 'before']],
  ] as const)(
    '%s, the store is opened under one key, and the next call ends what was begun',
    async (_, isRotated, at) => {
      const { bench, ids, before, after, put } = await states()
      const texts = { before, after }
      for (const [index, file] of FILES.slice(0, 3).entries()) {
        const which = at[index]
        put(file, which === undefined ? undefined : texts[which])
      }
      if (!isRotated) copyFileSync(fileOf(bench, 'store.db.before'), fileOf(bench, 'store.db'))
      await bench.ok('executions')
      expect(textOf(bench, 'install.key')).toBe(isRotated ? after : before)
      expect(isThere(bench, 'install.next.key')).toBe(!isRotated)
      if (!isRotated) expect(await rotated(bench)).toMatchObject({ ...ids, wasRotated: false })
      expect(textOf(bench, 'install.key')).toBe(after)
      expect(textOf(bench, 'install.old.keys')).toBe(before)
      expect(isThere(bench, 'install.next.key')).toBe(false)
      expect(await expectIntact(bench)).not.toContain('is not here')
    },
  )

  test('behind the transaction, and rotated once more at once: that the store was rotated is said, and no third key is made', async () => {
    const { bench, ids, before, after, put } = await states()
    put('install.key', before)
    put('install.next.key', after)
    put('install.old.keys', undefined)
    expect(await rotated(bench)).toEqual({ version: 1, key: 'install', ...ids, wasRotated: true })
    expect(textOf(bench, 'install.key')).toBe(after)
  })
})
