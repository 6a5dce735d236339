// @module-tag long
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { extentOfLong } from '../extent.ts'
import { exits } from '../lab/exits.ts'
import { PATH, PENDING, type RotationLab, rotation, rotationLab } from './rotation-lab.ts'

const GONE = `POST ${PENDING.replace('/data/', '/destroy/')}`

test('a rotation of the login that eosflow uses: pending, proved, current, and gone from where it was pending', async () => {
  const made = rotationLab()
  const { lab, vault, opens } = made
  const { code, out, err } = await lab.change()
  expect([code, out + err]).toEqual([0, expect.stringContaining('succeeded')])
  const current = vault.kv.get(PATH)
  expect(current).toHaveLength(2)
  expect(current?.[1]?.data).toEqual({ password: expect.stringMatching(/^[A-Za-z0-9]{32}$/), owner: 'net' })
  expect(vault.kv.get(PENDING)).toEqual([{ data: null, destroyed: true }])
  expect([opens('leaf1'), opens('leaf2')]).toEqual([['current'], ['current']])
  expect(made.written).toEqual([`POST ${PENDING}`, `POST ${PATH}`, GONE])
  expect(lab.printed).not.toContain(String(current?.[1]?.data?.password))
  expect(lab.printed).not.toContain('$6$')
  const history = (await lab.eosflow('history', '@latest', '--json')).out
  expect(history).not.toContain(String(current?.[1]?.data?.password))
  const acts = (JSON.parse(history) as { type: string; act?: string; result?: string; said?: string }[]).filter(
    ({ type }) => type === 'AroundActed',
  )
  expect(acts.map(({ act, result, said }) => [act, result, said])).toEqual([
    ['ask', 'done', `version 1 of ${PENDING} is pending`],
    ['begin', 'intended', undefined],
    ['begin', 'done', undefined],
    ['end', 'intended', undefined],
    ['end', 'done', `version 2 of ${PATH} is current`],
  ])
})

test('a second plan finds the pending secret of the first, and only then is anything sent', {
  tags: ['long', 'turn'],
}, async () => {
  const made = rotationLab()
  const digest = async () => {
    const { code, out } = await made.lab.eosflow('plan', 'workflow.yaml', '-o', 'change.plan', '--json')
    return [code, JSON.parse(out).digest]
  }
  const first = await digest()
  expect(await digest()).toEqual(first)
  expect(made.written).toEqual([`POST ${PENDING}`])
  expect(made.vault.kv.get(PATH)).toHaveLength(1)
  await exits(0, made.lab.eosflow('approve', 'change.plan'))
  await exits(0, made.lab.eosflow('run', 'change.plan'))
  expect([made.opens('leaf1'), made.opens('leaf2')]).toEqual([['current'], ['current']])
})

test('a saved plan whose pending secret is no longer there is stale, and nothing is sent', {
  tags: ['long', 'turn'],
}, async () => {
  const made = rotationLab()
  await exits(0, made.lab.eosflow('plan', 'workflow.yaml', '-o', 'change.plan'))
  await exits(0, made.lab.eosflow('approve', 'change.plan'))
  made.vault.kv.set(PENDING, [{ data: null, destroyed: true }])
  await exits(5, made.lab.eosflow('run', 'change.plan'))
  expect(made.opens('leaf1')).toEqual(['before', 'current'])
  expect(made.lab.fabric.device('leaf1').counters().commits.timed).toBe(0)
})

test('a new password that the switch does not take is put back, and its user is tried no oftener than an account stands', {
  tags: ['long', 'turn'],
}, async () => {
  const made = rotationLab({ workflow: rotation('leaf1').replace('{{ rotated.sha512 }}', WRONG) })
  const { code, out, err } = await made.lab.change()
  expect([code, out + err]).toEqual([6, expect.stringContaining('no answer to a new login')])
  expect(made.opens('leaf1')).toEqual(['before', 'current'])
  expect(made.vault.kv.get(PENDING)).toEqual([{ data: null, destroyed: true }])
  expect(made.vault.kv.get(PATH)).toHaveLength(1)
  const refused = made.answers.filter((status) => status === 401).length
  expect(refused).toBeGreaterThan(1)
  expect(refused).toBeLessThanOrEqual(6)
})

/** The hash of a password that nobody knows. */
const WRONG = `$6$abcdefghijklmnop$${'x'.repeat(86)}`

test('two switches that share a login, of which one alone was confirmed: both secrets stay, and the end says who has which', {
  tags: ['long', 'turn'],
}, async () => {
  let isOver = false
  const made = rotationLab({
    workflow: rotation('leaf1 or leaf2', 'rollout: { waves: [1, 1], atomic: device, maxFailures: 1 }'),
    before: (lab, device, commands) => {
      if (!isOver && device === 'leaf2' && commands.some((one) => / commit timer /.test(one)))
        lab.fabric.fault({ device: 'leaf2', kind: 'no-new-login', for: 60 })
    },
  })
  const { code, out, err } = await made.lab.change()
  expect(code, out + err).not.toBe(0)
  expect([made.opens('leaf1'), made.opens('leaf2')]).toEqual([['pending'], ['before', 'current']])
  expect(made.vault.kv.get(PENDING)).toHaveLength(1)
  expect(made.vault.kv.get(PATH)).toHaveLength(1)
  const said = (out + err).replace(/\s+/g, ' ')
  expect(said).toContain(
    `left over: secret ${PATH}#password in vault: leaf1: the new secret (version 1 of ${PENDING}); leaf2: the old one (version 1 of ${PATH})`,
  )
  expect(said).toContain('vault kv patch -mount=kv net/admin password=')
  // For leaf2 alone it would be refused: the other one shares its login.
  expect(said).toContain(' Next: eosflow plan workflow.yaml -t leaf1,leaf2 ')
  // The same rotation again gives the other one the same secret, logs in to each with what it takes, and then it is current.
  isOver = true
  const again = await made.lab.change()
  expect([again.code, again.out + again.err]).toEqual([0, expect.stringContaining('succeeded')])
  expect([made.opens('leaf1'), made.opens('leaf2')]).toEqual([['current'], ['current']])
  expect(made.vault.kv.get(PENDING)?.at(-1)).toEqual({ data: null, destroyed: true })
})

test.each(extentOfLong([2], [3, 2, 1]))(
  'killed %i records before the end, and resumed: the secret is current, once',
  { tags: ['long', 'turn'] },
  async (before) => {
    const good = rotationLab({ workflow: rotation('leaf1') })
    const run = async (made: typeof good) => {
      await exits(0, made.lab.eosflow('plan', 'workflow.yaml', '-o', 'change.plan'))
      await exits(0, made.lab.eosflow('approve', 'change.plan'))
    }
    await run(good)
    await exits(0, good.lab.eosflow('run', 'change.plan'))
    const records = JSON.parse((await good.lab.eosflow('history', '@latest', '--json')).out).length
    const made = rotationLab({ workflow: rotation('leaf1') })
    await made.lab.killAt(`event-${records - before}`)
    const { code, out, err } = await made.lab.resume()
    expect([code, out + err]).toEqual([0, expect.stringContaining('succeeded')])
    expect(made.opens('leaf1')).toEqual(['current'])
    expect(made.vault.kv.get(PATH)).toHaveLength(2)
    expect(made.vault.kv.get(PENDING)).toEqual([{ data: null, destroyed: true }])
  },
)

test('a login that names one version of the secret is refused before anything is made', async () => {
  const made = rotationLab()
  const inventory = JSON.stringify({
    defaults: { protocol: 'http', credentials: 'sim' },
    credentials: { sim: { username: 'admin', password: `\${vault:${PATH}#password@1}` } },
    devices: { leaf1: { host: '127.0.0.1', port: 1 }, leaf2: { host: '127.0.0.1', port: 2 } },
  })
  made.lab.write('inventory.yaml', inventory)
  const { code, out, err } = await made.lab.eosflow('plan', 'workflow.yaml')
  expect([code, out + err]).toEqual([10, expect.stringContaining(`names version 1 of ${PATH}`)])
  expect(made.written).toEqual([])
})

test('a change that does not give the login its new password is not confirmed, though the old one still opens the switch', {
  tags: ['long', 'turn'],
}, async () => {
  const made = rotationLab({ workflow: rotation('leaf1').replace('username admin', 'username netops') })
  const { code, out, err } = await made.lab.change()
  expect([code, out + err]).toEqual([6, expect.stringContaining('no answer to a new login')])
  expect(made.opens('leaf1')).toEqual(['before', 'current'])
  expect(made.vault.kv.get(PENDING)).toEqual([{ data: null, destroyed: true }])
  expect(made.lab.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 1, confirms: 0 })
})

test('what somebody else has written meanwhile is not overwritten', { tags: ['long', 'turn'] }, async () => {
  const made: RotationLab = rotationLab({
    workflow: rotation('leaf1'),
    before: (_, device, commands) => {
      if (device === 'leaf1' && commands.some((one) => / commit timer /.test(one)))
        made.vault.kv.get(PATH)?.push({ data: { password: 'of-somebody-else' } })
    },
  })
  const { code, out, err } = await made.lab.change()
  // The switches are as they were to be, and whoever reads Vault is not: a script must see that.
  expect([code, out]).toEqual([8, expect.stringContaining(': succeeded, and a secret is left over · 1 switch')])
  expect((out + err).replace(/\s+/g, ' ')).toContain(
    `left over: secret ${PATH}#password in vault: somebody has written version 2 of ${PATH}, and the switches have version 1 of ${PENDING}`,
  )
  expect(made.vault.kv.get(PATH)?.map(({ data }) => data?.password)).toEqual(['admin', 'of-somebody-else'])
  expect(made.opens('leaf1')).toEqual(['pending'])
})

test('Vault is away for good behind the confirm: the switches have the change, and the exit code is no success', {
  tags: ['long', 'turn'],
}, async () => {
  const made = rotationLab({ workflow: rotation('leaf1') })
  let isConfirmed = false
  made.fault = ({ method, path }) => {
    isConfirmed ||= method === 'POST' && path === PATH
    return isConfirmed ? 'away' : undefined
  }
  const { code, out } = await made.lab.change()
  expect([code, out]).toEqual([8, expect.stringContaining(': succeeded, and a secret is left over · 1 switch')])
  expect(made.opens('leaf1')).toEqual(['pending'])
  const shown = await made.lab.eosflow('show', '@latest', '--json')
  expect(JSON.parse(shown.out)).toMatchObject({ outcome: 'succeeded', exitCode: 8 })
})

test('killed under the commit timer, and somebody else writes the secret: the old login is the one that the change has found', {
  tags: ['long', 'turn'],
}, async () => {
  const made = rotationLab({ workflow: rotation('leaf1') })
  await made.lab.killAt('after-arm')
  made.vault.kv.get(PATH)?.push({ data: { password: 'of-somebody-else' } })
  // Nobody resumes it in time: the switch puts itself back, and takes the login of before the change alone.
  await made.lab.clock.advance(400_000)
  const { code, out, err } = await made.lab.resume()
  expect([code, out + err]).toEqual([6, expect.stringContaining('rolled back')])
  expect(made.opens('leaf1')).toEqual(['before'])
  expect(made.answers.filter((status) => status === 401).length).toBeLessThanOrEqual(2)
  expect(made.vault.kv.get(PATH)?.at(-1)?.data?.password).toBe('of-somebody-else')
})

test.each([
  ['enable', { password: '${env:VAULT_TOKEN}', enable: `\${vault:${PATH}#password}` }, 'as its enable'],
  ['key', { key: `\${vault:${PATH}#password}` }, 'as its key'],
  ['passphrase', { key: '${env:VAULT_TOKEN}', passphrase: `\${vault:${PATH}#password}` }, 'as its passphrase'],
])('a credential that uses the secret as its %s is refused before anything is made', async (_, credential, said) => {
  const made = rotationLab({ workflow: rotation('leaf1') })
  const inventory = JSON.parse(readFileSync(`${made.lab.dir}/inventory.yaml`, 'utf8'))
  inventory.credentials.enabling = { username: 'netops', ...credential }
  inventory.devices.leaf9 = { host: '192.0.2.9', transport: 'ssh', credentials: 'enabling' }
  made.lab.write('inventory.yaml', JSON.stringify(inventory))
  const { code, out, err } = await made.lab.eosflow('plan', 'workflow.yaml')
  expect([code, out + err]).toEqual([
    10,
    expect.stringContaining(`the credential enabling uses ${PATH}#password ${said}`),
  ])
  expect(made.written).toEqual([])
})

test('a jump host that is logged in to with the secret is refused before anything is made', async () => {
  const made = rotationLab({ workflow: rotation('leaf1') })
  const inventory = JSON.parse(readFileSync(`${made.lab.dir}/inventory.yaml`, 'utf8'))
  inventory.credentials.bastion = { username: 'hop', password: `\${vault:${PATH}#password}` }
  inventory.jumps = { bastion: { host: '127.0.0.1', credentials: 'bastion' } }
  inventory.devices.leaf9 = { host: '192.0.2.9', protocol: 'https', credentials: 'bastion', via: 'bastion' }
  made.lab.write('inventory.yaml', JSON.stringify(inventory))
  const { code, out, err } = await made.lab.eosflow('plan', 'workflow.yaml')
  expect([code, out + err]).toEqual([
    10,
    expect.stringContaining(`jump host bastion is logged in to with ${PATH}#password`),
  ])
  expect(made.written).toEqual([])
})
