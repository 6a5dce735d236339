// @module-tag long
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { extentOfLong } from '../extent.ts'
import { type Lab, type LabOptions, shows } from '../lab/lab.ts'
import { flat, PATH, PENDING, type RotationLab, rotation, rotationLab } from './rotation-lab.ts'

/** What a secret is that was pending and is no more. */
const DESTROYED = [{ data: null, destroyed: true }]
const LEFT_OVER = ': succeeded, and a secret is left over · 1 switch'
const NO_LOGIN = 'no answer to a new login'
/** The hash of a password that nobody knows. */
const WRONG = `$6$abcdefghijklmnop$${'x'.repeat(86)}`

/** Plans a change and approves it. */
async function approved({ lab }: RotationLab) {
  await lab.ok('plan workflow.yaml -o change.plan')
  await lab.ok('approve change.plan')
}

/** Does something with the timed commit of a switch. */
const armed =
  (device: string, act: (lab: Lab) => unknown): NonNullable<LabOptions['before']> =>
  (lab, at, commands) => {
    if (at === device && commands.some((one) => / commit timer /.test(one))) act(lab)
  }

const GONE = `POST ${PENDING.replace('/data/', '/destroy/')}`

test('a rotation of the login that eosflow uses: pending, proved, current, and gone from where it was pending', async () => {
  const made = rotationLab()
  const { lab, vault, opens } = made
  await shows(0, lab.change(), 'succeeded')
  const current = vault.kv.get(PATH)
  expect(current).toHaveLength(2)
  expect(current?.[1]?.data).toEqual({ password: expect.stringMatching(/^[A-Za-z0-9]{32}$/), owner: 'net' })
  expect(vault.kv.get(PENDING)).toEqual(DESTROYED)
  expect([opens('leaf1'), opens('leaf2')]).toEqual([['current'], ['current']])
  expect(made.written).toEqual([`POST ${PENDING}`, `POST ${PATH}`, GONE])
  expect(lab.printed).not.toContain(String(current?.[1]?.data?.password))
  expect(lab.printed).not.toContain('$6$')
  const history = (await lab.eosflow('history @latest --json')).out
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
    const { code, out } = await made.lab.eosflow('plan workflow.yaml -o change.plan --json')
    return [code, JSON.parse(out).digest]
  }
  const first = await digest()
  expect(await digest()).toEqual(first)
  expect(made.written).toEqual([`POST ${PENDING}`])
  expect(made.vault.kv.get(PATH)).toHaveLength(1)
  await made.lab.ok('approve change.plan')
  await made.lab.ok('run change.plan')
  expect([made.opens('leaf1'), made.opens('leaf2')]).toEqual([['current'], ['current']])
})

test('a saved plan whose pending secret is no longer there is stale, and nothing is sent', {
  tags: ['long', 'turn'],
}, async () => {
  const made = rotationLab()
  await approved(made)
  made.vault.kv.set(PENDING, [{ data: null, destroyed: true }])
  await made.lab.exits(5, 'run change.plan')
  expect(made.opens('leaf1')).toEqual(['before', 'current'])
  expect(made.lab.commits('leaf1').timed).toBe(0)
})

test.each([
  ['a new password that the switch does not take', '{{ rotated.sha512 }}', WRONG],
  ['a change that does not give the login its new password', 'username admin', 'username netops'],
])(
  '%s is put back though the old one still opens the switch, and its user is tried no oftener than an account stands',
  {
    tags: ['long', 'turn'],
  },
  async (_, from, to) => {
    const made = rotationLab({ workflow: rotation('leaf1').replace(from, to) })
    await shows(6, made.lab.change(), NO_LOGIN)
    expect(made.opens('leaf1')).toEqual(['before', 'current'])
    expect(made.vault.kv.get(PENDING)).toEqual(DESTROYED)
    expect(made.vault.kv.get(PATH)).toHaveLength(1)
    const refused = made.answers.filter((status) => status === 401).length
    expect(refused).toBeGreaterThan(1)
    expect(refused).toBeLessThanOrEqual(6)
    expect(made.lab.commits('leaf1')).toEqual({ plain: 0, timed: 1, confirms: 0 })
  },
)

test('two switches that share a login, of which one alone was confirmed: both secrets stay, and the end says who has which', {
  tags: ['long', 'turn'],
}, async () => {
  let isOver = false
  const made = rotationLab({
    workflow: rotation('leaf1 or leaf2', 'rollout: { waves: [1, 1], atomic: device, maxFailures: 1 }'),
    before: armed('leaf2', ({ fabric }) => {
      if (!isOver) fabric.fault({ device: 'leaf2', kind: 'no-new-login', for: 60 })
    }),
  })
  const { code, out, err } = await made.lab.change()
  expect(code, out + err).toBe(8)
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
  await shows(0, made.lab.change(), 'succeeded')
  expect([made.opens('leaf1'), made.opens('leaf2')]).toEqual([['current'], ['current']])
  expect(made.vault.kv.get(PENDING)?.at(-1)).toEqual({ data: null, destroyed: true })
})

test.each(extentOfLong([2], [3, 2, 1]))(
  'killed %i records before the end, and resumed: the secret is current, once',
  { tags: ['long', 'turn'] },
  async (before) => {
    const good = rotationLab({ workflow: rotation('leaf1') })
    await approved(good)
    await good.lab.ok('run change.plan')
    const records = JSON.parse((await good.lab.eosflow('history @latest --json')).out).length
    const made = rotationLab({ workflow: rotation('leaf1') })
    await made.lab.killAt(`event-${records - before}`)
    await shows(0, made.lab.resume(), 'succeeded')
    expect(made.opens('leaf1')).toEqual(['current'])
    expect(made.vault.kv.get(PATH)).toHaveLength(2)
    expect(made.vault.kv.get(PENDING)).toEqual(DESTROYED)
  },
)

test('what somebody else has written meanwhile is not overwritten', { tags: ['long', 'turn'] }, async () => {
  const made: RotationLab = rotationLab({
    workflow: rotation('leaf1'),
    before: armed('leaf1', () => made.vault.kv.get(PATH)?.push({ data: { password: 'of-somebody-else' } })),
  })
  // The switches are as they were to be, and whoever reads Vault is not: a script must see that.
  expect(flat(await shows(8, made.lab.change(), LEFT_OVER))).toContain(
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
  await shows(8, made.lab.change(), LEFT_OVER)
  expect(made.opens('leaf1')).toEqual(['pending'])
  const shown = await made.lab.eosflow('show @latest --json')
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
  await shows(6, made.lab.resume(), 'rolled back')
  expect(made.opens('leaf1')).toEqual(['before'])
  expect(made.answers.filter((status) => status === 401).length).toBeLessThanOrEqual(2)
  expect(made.vault.kv.get(PATH)?.at(-1)?.data?.password).toBe('of-somebody-else')
})

interface Inventory {
  readonly credentials: Record<string, object>
  readonly devices: Record<string, object>
  jumps?: object
}

const SECRET = `\${vault:${PATH}#password}`
const SSH = { host: '192.0.2.9', transport: 'ssh', credentials: 'more' }

/** How an inventory uses the secret otherwise than as the password of the login on each switch of the change. */
const OTHERWISE: readonly (readonly [what: string, alter: (inventory: Inventory) => void, said: string])[] = [
  [
    'a login that names one version of it',
    ({ credentials }) => Object.assign(credentials.sim ?? {}, { password: `\${vault:${PATH}#password@1}` }),
    `names version 1 of ${PATH}`,
  ],
  ...(
    [
      ['enable', { password: `\${env:VAULT_TOKEN}`, enable: SECRET }],
      ['key', { key: SECRET }],
      ['passphrase', { key: `\${env:VAULT_TOKEN}`, passphrase: SECRET }],
    ] as const
  ).map(
    ([as, credential]) =>
      [
        `a credential that uses it as its ${as}`,
        ({ credentials, devices }: Inventory) => {
          credentials.more = { username: 'netops', ...credential }
          devices.leaf9 = SSH
        },
        `the credential more uses ${PATH}#password as its ${as}`,
      ] as const,
  ),
  [
    'a jump host that is logged in to with it',
    (inventory) => {
      inventory.credentials.more = { username: 'hop', password: SECRET }
      inventory.jumps = { bastion: { host: '127.0.0.1', credentials: 'more' } }
      inventory.devices.leaf9 = { host: '192.0.2.9', protocol: 'https', credentials: 'more', via: 'bastion' }
    },
    `jump host bastion is logged in to with ${PATH}#password`,
  ],
]

test.each(OTHERWISE)('%s is refused before anything is made', async (_, alter, said) => {
  const made = rotationLab({ workflow: rotation('leaf1') })
  const inventory = JSON.parse(readFileSync(`${made.lab.dir}/inventory.yaml`, 'utf8')) as Inventory
  alter(inventory)
  made.lab.write('inventory.yaml', JSON.stringify(inventory))
  await shows(10, made.lab.eosflow('plan workflow.yaml'), said)
  expect(made.written).toEqual([])
})
