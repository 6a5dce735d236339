import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  armoredSshSignature,
  parseAllowedSigners,
  readOpenEd25519,
  readSshSignature,
  signedData,
  sshFingerprint,
  sshString,
  verifiesEd25519,
} from '../../../src/project/identity/ssh/ssh-allowed-signers.ts'
import { agentKeys, agentSigns, keygenSigns, verifySsh } from '../../../src/project/identity/ssh/ssh-keygen.ts'

const NAMESPACE = 'approval@eosflow'
const MESSAGE = '{"a":1}'
const PROGRAMS = { env: { PATH: process.env.PATH } }

/** A key made for this test by OpenSSH 9.2 (`ssh-keygen -t ed25519`), and what its `-Y sign -n approval@eosflow` made of `{"a":1}`. */
const KEY = `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACCAgpCRBLl7iiSqhNy/13z9srKvbu/ZyrvcpROTSnFidQAAAJBY3yJwWN8i
cAAAAAtzc2gtZWQyNTUxOQAAACCAgpCRBLl7iiSqhNy/13z9srKvbu/ZyrvcpROTSnFidQ
AAAEBdsxpTolefqJM4b9XMbrPnmqn9b9t+5GAtEORLGIGHRoCCkJEEuXuKJKqE3L/XfP2y
sq9u79nKu9ylE5NKcWJ1AAAACmJvYkBsYXB0b3ABAgM=
-----END OPENSSH PRIVATE KEY-----
`
const PUBLIC = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIICCkJEEuXuKJKqE3L/XfP2ysq9u79nKu9ylE5NKcWJ1'
const FINGERPRINT = 'SHA256:Vq16OKKErbVeZJ07hz5yogG7Am6+Dr1BfBRmcL+8m5c'
const SIGNED = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAggIKQkQS5e4okqoTcv9d8/bKyr2
7v2cq73KUTk0pxYnUAAAAQYXBwcm92YWxAZW9zZmxvdwAAAAAAAAAGc2hhNTEyAAAAUwAA
AAtzc2gtZWQyNTUxOQAAAECYE1eeF1nrGpgsywrFGUkDDoX6/UH982JJtnK2WKCRwj6juH
sChaoKyABEq4eQrgwwbPfy4QZNAY/oDN2tSygK
-----END SSH SIGNATURE-----
`

function signers(...lines: readonly string[]) {
  const parsed = parseAllowedSigners(lines.join('\n'), 'allowed_signers')
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  return parsed.value
}

const verify = (change: Partial<Parameters<typeof verifySsh>[1]> = {}) =>
  verifySsh(PROGRAMS, {
    message: MESSAGE,
    armored: SIGNED,
    namespace: NAMESPACE,
    signers: signers(`bob@example.org ${PUBLIC}`),
    times: [0],
    ...change,
  })

describe('a signature of ssh-keygen', () => {
  test('is verified without it, and names its signer', async () => {
    expect(await verify()).toMatchObject({
      status: 'good',
      fingerprint: FINGERPRINT,
      signer: { names: ['bob@example.org'] },
    })
  })

  test('is made again byte for byte from the same key: Ed25519 signs the same text the same way', () => {
    expect(readOpenEd25519(KEY)?.sign(MESSAGE, NAMESPACE)).toBe(SIGNED)
  })

  test('is written as it was read', () => {
    expect(armoredSshSignature(readSshSignature(SIGNED))).toBe(SIGNED)
  })

  const bytes = Buffer.from(SIGNED.split('\n').slice(1, -2).join(''), 'base64')
  const armor = (blob: Buffer) =>
    `-----BEGIN SSH SIGNATURE-----\n${blob.toString('base64')}\n-----END SSH SIGNATURE-----\n`

  const FORGED: Readonly<Record<string, readonly [Partial<Parameters<typeof verifySsh>[1]>, string]>> = {
    'over another text': [{ message: '{"a":2}' }, 'is not one over this statement'],
    'in another namespace': [{ namespace: 'git' }, 'is for "approval@eosflow", not git'],
    'that is no armor': [{ armored: 'yes' }, 'not an armored SSH signature'],
    'without an end': [{ armored: SIGNED.replace('-----END SSH SIGNATURE-----', '') }, 'not an armored'],
    'cut off': [{ armored: armor(bytes.subarray(0, -1)) }, 'it ends too early'],
    'with something behind it': [
      { armored: armor(Buffer.concat([bytes, Buffer.from([0])])) },
      'there is more behind its end',
    ],
    'of another version': [{ armored: armor(Buffer.from(bytes).fill(2, 9, 10)) }, 'of version 1'],
    'of another magic': [{ armored: armor(Buffer.from(bytes).fill('X', 0, 1)) }, 'of version 1'],
    'with a weak hash': [
      { armored: armoredSshSignature({ ...readSshSignature(SIGNED), hash: 'sha1' as 'sha256' }) },
      'its hash is "sha1"',
    ],
    'that says its hash was another': [
      { armored: armoredSshSignature({ ...readSshSignature(SIGNED), hash: 'sha256' }) },
      'is not one over this statement',
    ],
    'that is too long': [{ armored: armor(Buffer.alloc(20_000)) }, 'not an armored'],
  }
  test.each(Object.entries(FORGED))('%s is none', async (_name, [change, reason]) => {
    expect(await verify(change)).toEqual({ status: 'forged', reason: expect.stringContaining(reason) })
  })

  test('of which any one bit is turned is none, or unreadable', () => {
    let judged = 0
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), (bit) => {
        const turned = Buffer.from(bytes)
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        judged += 1
        expect(isGood(armor(turned))).toBe(false)
      }),
      { numRuns: 200 },
    )
    expect(judged).toBeGreaterThanOrEqual(200)
  })
})

function isGood(armored: string) {
  try {
    const signature = readSshSignature(armored)
    return signature.namespace === NAMESPACE && verifiesEd25519(MESSAGE, signature)
  } catch {
    return false
  }
}

describe('with the installed ssh-keygen (needs ssh-keygen)', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'eosflow-ssh-test-'))
    for (const [name, ...type] of [
      ['ed25519', 'ed25519'],
      ['rsa', 'rsa', '-b', '2048'],
      ['ecdsa', 'ecdsa'],
    ] as const) {
      execFileSync('ssh-keygen', ['-q', '-N', '', '-C', name, '-f', join(folder, name), '-t', ...type])
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const publicOf = (name: string) => readFileSync(join(folder, `${name}.pub`), 'utf8').trim()

  test.each(['ed25519', 'rsa', 'ecdsa'])('%s: what it signs is verified, and a changed text is not', async (name) => {
    const armored = await keygenSigns(PROGRAMS, { message: MESSAGE, key: join(folder, name), namespace: NAMESPACE })
    const trusted = signers(`bob@example.org ${publicOf(name)}`)
    expect(await verify({ armored, signers: trusted })).toMatchObject({ status: 'good' })
    expect(await verify({ armored, signers: trusted, message: `${MESSAGE} ` })).toMatchObject({ status: 'forged' })
    expect(await verify({ armored })).toMatchObject({ status: 'untrusted' })
  })

  test('it takes what is signed here, for the name of the same file', () => {
    const armored = readOpenEd25519(readFileSync(join(folder, 'ed25519'), 'utf8'))?.sign(MESSAGE, NAMESPACE) ?? ''
    const trust = join(folder, 'allowed_signers')
    const signature = join(folder, 'signature')
    writeFileSync(trust, `bob@example.org namespaces="${NAMESPACE}" ${publicOf('ed25519')}\n`)
    writeFileSync(signature, armored)
    const args = ['-Y', 'verify', '-f', trust, '-I', 'bob@example.org', '-n', NAMESPACE, '-s', signature]
    expect(execFileSync('ssh-keygen', args, { input: MESSAGE, encoding: 'utf8' })).toContain('Good "approval@eosflow"')
  })

  test('a key under a passphrase is not open', () => {
    const path = join(folder, 'closed')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', path])
    expect(readOpenEd25519(readFileSync(path, 'utf8'))).toBeUndefined()
    expect(readOpenEd25519(readFileSync(join(folder, 'rsa'), 'utf8'))).toBeUndefined()
    expect(readOpenEd25519(publicOf('ed25519'))).toBeUndefined()
  })

  test('a file that is no key does not sign, and the reason is named', async () => {
    const path = join(folder, 'nothing')
    writeFileSync(path, 'no key')
    const signing = keygenSigns(PROGRAMS, { message: MESSAGE, key: path, namespace: NAMESPACE })
    await expect(signing).rejects.toMatchObject({ kind: 'unauthenticated' })
  })

  test('without the program a kind of key that needs it is not judged good', async () => {
    const armored = await keygenSigns(PROGRAMS, { message: MESSAGE, key: join(folder, 'rsa'), namespace: NAMESPACE })
    const judging = verifySsh(
      { env: { PATH: '/nowhere' } },
      { message: MESSAGE, armored, namespace: NAMESPACE, signers: [], times: [0] },
    )
    await expect(judging).rejects.toThrow('ssh-keygen could not be started')
  })

  /** A signature as a hardware token makes it (OpenSSH, PROTOCOL.u2f): over the hashes of application and data, flags and counter. */
  function tokenSignature(flags: number) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    const type = 'sk-ssh-ed25519@openssh.com'
    const key = Buffer.concat([type, point, 'ssh:'].map(sshString))
    const parts = { key, namespace: NAMESPACE, reserved: Buffer.alloc(0), hash: 'sha512' } as const
    const sha = (data: Buffer | string) => createHash('sha256').update(data).digest()
    const tail = Buffer.from([flags, 0, 0, 0, 9])
    const made = sign(
      null,
      Buffer.concat([sha('ssh:'), tail, sha(signedData(MESSAGE, parts))]),
      createPrivateKey({
        key: privateKey.export({ format: 'der', type: 'pkcs8' }),
        format: 'der',
        type: 'pkcs8',
      }),
    )
    const signature = Buffer.concat([sshString(type), sshString(made), tail])
    return {
      armored: armoredSshSignature({ ...parts, signature }),
      line: `bob@example.org ${type} ${key.toString('base64')}`,
    }
  }

  test('[G51] a hardware token counts when somebody touched it', async () => {
    const touched = tokenSignature(1)
    expect(await verify({ armored: touched.armored, signers: signers(touched.line) })).toMatchObject({ status: 'good' })
    const alone = tokenSignature(0)
    expect(await verify({ armored: alone.armored, signers: signers(alone.line) })).toEqual({
      status: 'forged',
      reason: expect.stringMatching(/^nobody touched the key SHA256:\S+ when it signed$/),
    })
  })
})

describe('the agent (needs ssh-agent)', () => {
  test('signs with a key that it holds, by the public half', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'eosflow-agent-'))
    const socket = join(folder, 'agent')
    const started = execFileSync('ssh-agent', ['-a', socket, '-s'], { encoding: 'utf8' })
    const env = { ...PROGRAMS.env, SSH_AUTH_SOCK: socket }
    try {
      const path = join(folder, 'id')
      writeFileSync(path, KEY, { mode: 0o600 })
      execFileSync('ssh-add', ['-q', path], { env: { ...env } as NodeJS.ProcessEnv, stdio: 'ignore' })
      rmSync(path)
      const [line = ''] = await agentKeys({ env })
      expect(line).toContain(PUBLIC)
      expect(await agentSigns({ env }, { message: MESSAGE, line, namespace: NAMESPACE })).toBe(SIGNED)
    } finally {
      process.kill(Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]))
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('allowed signers', () => {
  test('are names, options, a key and a comment', () => {
    const text = [
      '# people',
      '',
      `bob@example.org,bob ${PUBLIC} bob's laptop`,
      `carol@example.org namespaces="git,approval@eosflow",valid-after="20260101Z",valid-before="202612312359Z" ${PUBLIC.replace('CCk', 'CCl')}`,
    ].join('\n')
    const [bob, carol] = signers(text)
    expect(bob).toMatchObject({ names: ['bob@example.org', 'bob'], fingerprint: FINGERPRINT })
    expect(carol).toMatchObject({
      names: ['carol@example.org'],
      namespaces: ['git', 'approval@eosflow'],
      validAfter: Date.UTC(2026, 0, 1),
      validBefore: Date.UTC(2026, 11, 31, 23, 59),
    })
  })

  const REFUSED: Readonly<Record<string, string>> = {
    [`* ${PUBLIC}`]: '"*" is not a name: a pattern names nobody',
    [`*@example.org ${PUBLIC}`]: 'a pattern names nobody',
    [`!bob ${PUBLIC}`]: 'a pattern names nobody',
    [`bob, ${PUBLIC}`]: '"" is not a name',
    [`bob cert-authority ${PUBLIC}`]: 'the option cert-authority is not taken here',
    [`bob namespaces="*" ${PUBLIC}`]: 'a namespace is a name, not a pattern',
    [`bob valid-before="20260101" ${PUBLIC}`]: 'valid-before is not a time in UTC',
    [`bob valid-after="20261301Z" ${PUBLIC}`]: 'valid-after is not a time in UTC',
    [`bob verify-required ${PUBLIC}`]: 'the option verify-required is not taken here',
    'bob ssh-dss AAAAB3NzaC1kc3MAAAA=': 'ssh-dss is not a type of key',
    'bob ssh-ed25519 AAAA': 'the key is not one of the kind ssh-ed25519',
    [`bob ssh-rsa ${PUBLIC.split(' ')[1]}`]: 'the key is not one of the kind ssh-rsa',
    bob: 'a line has names, options',
    [`bob ${PUBLIC}\ncarol ${PUBLIC}`]: 'the key already belongs to bob: one key is of one person',
  }
  test.each(Object.entries(REFUSED))('refuse %s', (text, message) => {
    const parsed = parseAllowedSigners(`# keys\n${text}\n`, 'trust/allowed_signers')
    const line = text.split('\n').length + 1
    expect(parsed).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining(message), at: { file: 'trust/allowed_signers', line, column: 1 } }],
    })
  })

  test('a weak RSA key is refused', () => {
    const modulus = Buffer.concat([Buffer.from([0]), Buffer.alloc(128, 0xff)])
    const key = Buffer.concat(['ssh-rsa', Buffer.from([1, 0, 1]), modulus].map(sshString)).toString('base64')
    expect(parseAllowedSigners(`bob ssh-rsa ${key}`, 'f')).toMatchObject({
      problems: [{ message: 'an RSA key needs 2048 bits or more' }],
    })
  })

  const at = (time: number, ...lines: readonly string[]) => verify({ signers: signers(...lines), times: [time] })
  const JANUARY = `bob valid-after="20260101Z",valid-before="20260201Z" ${PUBLIC}`

  test('[G52] a key counts in its time and for its namespaces', async () => {
    expect(await at(Date.UTC(2026, 0, 1), JANUARY)).toMatchObject({ status: 'good' })
    expect(await at(Date.UTC(2026, 1, 1) - 1, JANUARY)).toMatchObject({ status: 'good' })
    expect(await at(Date.UTC(2026, 1, 1), JANUARY)).toMatchObject({
      status: 'untrusted',
      reason: expect.stringMatching(/of bob is not valid at that time$/),
    })
    expect(await at(Date.UTC(2025, 11, 31), JANUARY)).toMatchObject({ status: 'untrusted' })
    expect(await at(0, `bob namespaces="git" ${PUBLIC}`)).toMatchObject({
      reason: expect.stringContaining('of bob may not sign for approval@eosflow'),
    })
    expect(await at(0, `bob namespaces="git" ${PUBLIC}`, `bob namespaces="approval@eosflow" ${PUBLIC}`)).toMatchObject({
      status: 'good',
    })
  })

  test('the fingerprint is that of ssh-keygen -l', () => {
    expect(sshFingerprint(Buffer.from(PUBLIC.split(' ')[1] ?? '', 'base64'))).toBe(FINGERPRINT)
  })
})
