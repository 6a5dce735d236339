import { describe, expect, test } from 'vitest'
import {
  authorizedKeys,
  keyUser,
  md5Crypt,
  opensWithoutPassword,
  passwordUser,
} from '../../../src/eos/sim/auth/local-users.ts'
import { CONFIG, simulate } from './simulate.ts'

/** What the eAPI of a simulated switch answers to a login: `hunter2` is that of the hash. */
const HUNTER =
  '$6$abcdefghijklmnop$EC.xeLW9zNWcX0r23FSpQaV7PG.Ibd4QnLe3w6UC47i3/vkPQouEDwvUpGtqFiad5mzQG96cD/LywQiXv9WfH/'

// `openssl passwd -1 -salt SALT PASSWORD`
const MD5 = [
  ['secret', 'abcdefgh', '$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1'],
  ['', 'x', '$1$x$fwjfZtMwarkdetsjiQreU1'],
  ['a password that is rather longer than sixteen bytes', 'saltsalt', '$1$saltsalt$r003gFgkgj37AIHEihFu/1'],
  ['münchen', '12345678', '$1$12345678$ANYJnuyMj5dWz/UCPmvxt1'],
] as const

describe('md5Crypt', () => {
  test.each(MD5)('hashes %j with the salt %j as crypt(3) does', (password, salt, hash) => {
    expect(md5Crypt(password, salt)).toBe(hash)
  })
})

// `openssl passwd -6` of hunter2, `-1` of five, `-6` of opensesame
const USERS = CONFIG.replace(
  'spanning-tree mode mstp\n',
  [
    'enable password sha512 $6$ponmlkjihgfedcba$4.3Wqa5ylnqJBS3RRZdmV/8CZNmBMVt.5oeWOR61HLrgg1.eG6J3Zc0AkJIwW6y8ztl0iUQtYtNlJ0BMN8dEa/',
    'username eva privilege 15 role network-admin secret sha512 $6$abcdefghijklmnop$EC.xeLW9zNWcX0r23FSpQaV7PG.Ibd4QnLe3w6UC47i3/vkPQouEDwvUpGtqFiad5mzQG96cD/LywQiXv9WfH/',
    'username old secret 5 $1$abcdefgh$6mx9dRnL2UGeUNv7nM6mX/',
    'username open nopassword',
    'username key privilege 3 secret *',
    'username key ssh-key ssh-ed25519 AAAAC3Nza key@laptop',
    'username key ssh-key secondary ssh-rsa AAAAB3Nza',
    'spanning-tree mode mstp\n',
  ].join('\n'),
)

describe('users of a configuration', () => {
  const { device } = simulate(USERS)
  const login = (username: string, password: string) => passwordUser(device, { username, password }, 'vty2 (192.0.2.1)')

  test.each([
    ['eva', 'hunter2', 15],
    ['old', 'five', 1],
    ['admin', 'admin', 1],
  ] as const)('%s logs in with %s at privilege %i', (user, password, privilege) => {
    expect(login(user, password)).toMatchObject({ user, privilege, from: 'vty2 (192.0.2.1)' })
    expect(login(user, password)).toMatchObject({ user, privilege })
  })

  test.each([
    ['eva', 'hunter3'],
    ['old', ''],
    ['key', '*'],
    ['nobody', 'admin'],
    ['admin', 'hunter2'],
  ])('%s does not log in with %j', (user, password) => {
    expect(login(user, password)).toBeUndefined()
  })

  test('the enable secret of the configuration is asked of its users', () => {
    expect(login('old', 'five')?.enable?.('opensesame')).toBe(true)
    expect(login('old', 'five')?.enable?.('five')).toBe(false)
  })

  test('keys are those of ssh-key, and a user who has one need not have a password', () => {
    expect(authorizedKeys(device, 'key')).toEqual(['ssh-ed25519 AAAAC3Nza key@laptop', 'ssh-rsa AAAAB3Nza'])
    expect(authorizedKeys(device, 'eva')).toEqual([])
    expect(keyUser(device, 'key', 'vty3 (192.0.2.1)')).toMatchObject({ user: 'key', privilege: 3 })
    expect(keyUser(device, 'nobody', 'vty3 (192.0.2.1)')).toBeUndefined()
  })

  test('without a password only where remote logins are allowed that', () => {
    expect(opensWithoutPassword(device, 'open')).toBe(false)
    const allowing = simulate(`aaa authentication policy local allow-nopassword-remote-login\n${USERS}`)
    expect(opensWithoutPassword(allowing.device, 'open')).toBe(true)
    expect(opensWithoutPassword(allowing.device, 'eva')).toBe(false)
  })
})

describe("the simulator's own login", () => {
  const loginTo = ({ device }: ReturnType<typeof simulate>, username: string, password: string) =>
    passwordUser(device, { username, password }, 'vty2 (192.0.2.1)') !== undefined

  test('works beside a user of its name that the switch was made with', () => {
    const made = simulate(
      CONFIG.replace('spanning-tree mode mstp\n', `username admin secret sha512 ${HUNTER}\nspanning-tree mode mstp\n`),
    )
    expect(['admin', 'hunter2', 'x'].map((password) => loginTo(made, 'admin', password))).toEqual([true, true, false])
  })

  test('ends where somebody changes the lines of that user, on open connections too', async () => {
    const switched = simulate()
    await switched.json('configure', `username admin privilege 15 role network-admin secret sha512 ${HUNTER}`)
    expect(['admin', 'hunter2'].map((password) => loginTo(switched, 'admin', password))).toEqual([false, true])
    // eAPI sends the password with each request: a connection that is open is refused, too.
    expect((await switched.eapi('{}')).status).toBe(401)
  })

  test('no password is taken while what judges them is away, for its window', async () => {
    const { device, clock, fault } = simulate(USERS)
    fault({ kind: 'aaa-away', after: 1, for: 10 })
    const judged = () =>
      [
        ['admin', 'admin'],
        ['eva', 'hunter2'],
      ].map(([username = '', password = '']) => passwordUser(device, { username, password }, 'x') !== undefined)
    expect(judged()).toEqual([true, true])
    await clock.advance(1000)
    expect(judged()).toEqual([false, false])
    await clock.advance(10_000)
    expect(judged()).toEqual([true, true])
  })
})
