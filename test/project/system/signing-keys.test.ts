import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isSignedBy } from '../../../src/model/ed25519.ts'
import { SIGNING_KEYS, signingKeys } from '../../../src/project/system/machine/key-files.ts'
import { thrownBy } from '../../change/record/sqlite/open-for-test.ts'
import { temporaryFolder } from '../../lab/folder.ts'

/** The first test vector of RFC 8032, section 7.1. */
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
const PUBLIC = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
/** The second one. */
const OTHER_PUBLIC = 'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw='

describe('the keys that an installation signs with', () => {
  test('are made each by itself, and none by looking', () => {
    const folder = join(temporaryFolder(), '.eosflow')
    const keys = signingKeys(folder, {})
    for (const name of ['plan', 'server', 'checkpoint'] as const) {
      const path = join(folder, SIGNING_KEYS[name].file)
      expect([keys.read(name), existsSync(path)]).toEqual([undefined, false])
      const { key, source } = keys.readOrMake(name)
      expect([source, statSync(path).mode & 0o777]).toEqual([path, 0o600])
      expect(keys.readOrMake(name).key.publicKey).toBe(key.publicKey)
      expect(isSignedBy(key.publicKey, Buffer.from('said'), key.sign(Buffer.from('said')))).toBe(true)
    }
    const made = (['plan', 'server', 'checkpoint'] as const).map((name) => keys.read(name)?.key.publicKey)
    expect(new Set(made).size).toBe(3)
  })

  test('of the environment are replaced as the hint says', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'server.key')
    const refused = signingKeys(folder, { EOSFLOW_SERVER_KEY: SEED }).rotate('server', async () => undefined)
    await expect(refused).rejects.toMatchObject({
      message: 'the server key is given by EOSFLOW_SERVER_KEY, and not kept here',
      hint: `Write the text of EOSFLOW_SERVER_KEY into ${path}, for its owner only, and take EOSFLOW_SERVER_KEY away. Do it again, and give the text that is in the file then in EOSFLOW_SERVER_KEY.`,
    })
    writeFileSync(path, `${SEED}\n`, { mode: 0o600 })
    const { from, to } = await signingKeys(folder, {}).rotate('server', async () => undefined)
    const given = signingKeys(temporaryFolder(), { EOSFLOW_SERVER_KEY: readFileSync(path, 'utf8') }).read('server')
    expect([from, given?.key.publicKey, given?.retired]).toEqual([PUBLIC, to, [{ publicKey: PUBLIC }]])
  })

  test('come from the environment where it names them', async () => {
    const folder = temporaryFolder()
    const keys = signingKeys(folder, { EOSFLOW_PLAN_KEY: `${SEED}\nretired ${OTHER_PUBLIC} until 7\n` })
    expect(keys.readOrMake('plan')).toMatchObject({
      key: { publicKey: PUBLIC },
      retired: [{ publicKey: OTHER_PUBLIC, until: 7 }],
      source: 'EOSFLOW_PLAN_KEY',
    })
    expect(existsSync(join(folder, 'plan.key'))).toBe(false)
    await expect(keys.rotate('plan', async () => 1)).rejects.toThrow(
      'the plan key is given by EOSFLOW_PLAN_KEY, and not kept here',
    )
  })

  test('are replaced by another one, and the old one is kept by its public half', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'checkpoint.key'), `${SEED}\nretired ${OTHER_PUBLIC} until 7\n`, { mode: 0o600 })
    const keys = signingKeys(folder, {})
    const { from, to } = await keys.rotate('checkpoint', async () => 12)
    expect(from).toBe(PUBLIC)
    expect(keys.read('checkpoint')).toMatchObject({
      key: { publicKey: to },
      retired: [
        { publicKey: PUBLIC, until: 12 },
        { publicKey: OTHER_PUBLIC, until: 7 },
      ],
    })
    expect(readFileSync(join(folder, 'checkpoint.key'), 'utf8')).not.toContain(SEED)
    const none = signingKeys(temporaryFolder(), {}).rotate('plan', async () => 1)
    await expect(none).rejects.toThrow('there is no plan key here to replace')
  })

  test.each([
    ['', 'nothing'],
    [SEED.slice(1), 'a short key'],
    [SEED.toUpperCase(), 'capital digits'],
    [`${SEED}\n${SEED}`, 'two keys'],
    [`${SEED}\nretired ${PUBLIC.slice(1)}`, 'a short public key'],
  ])('%j is refused, and stays: %s', async (text) => {
    const path = join(temporaryFolder(), 'plan.key')
    writeFileSync(path, text, { mode: 0o600 })
    const error = await thrownBy(() => signingKeys(join(path, '..'), {}).readOrMake('plan'))
    expect(error).toMatchObject({ kind: 'store', message: expect.stringContaining('does not hold a key') })
    expect(String(error)).not.toContain(SEED)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  test('[G127] are refused where others may read them, and behind a link', async () => {
    const folder = temporaryFolder({ 'plan.key': SEED })
    chmodSync(join(folder, 'plan.key'), 0o640)
    expect(await thrownBy(() => signingKeys(folder, {}).read('plan'))).toMatchObject({
      message: expect.stringContaining('may be read by others'),
    })
    writeFileSync(join(folder, 'elsewhere'), SEED, { mode: 0o600 })
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'server.key'))
    expect(await thrownBy(() => signingKeys(folder, {}).read('server'))).toMatchObject({
      message: expect.stringContaining('symbolic link'),
    })
  })
})
