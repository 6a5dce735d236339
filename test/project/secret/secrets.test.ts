import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { EosflowError } from '../../../src/model/error.ts'
import type { ExecProvider } from '../../../src/model/secret-reference.ts'
import { printedBy } from '../../../src/project/secret/program.ts'
import { Scrubber } from '../../../src/project/secret/scrubber.ts'
import { readSecretFile } from '../../../src/project/secret/secret-file.ts'
import { openSecrets, type ResolvedReference, type SecretPorts } from '../../../src/project/secret/secrets.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const VALUE = 'canary-canary-7'
const reference = (provider: string, key: string) => `$\{${provider}:${key}}`

type Given = SecretPorts & { readonly scrubber: Scrubber }

function ports(change: Partial<SecretPorts & { scrubber: Scrubber }> = {}): Given {
  const { scrubber = new Scrubber() } = change
  return {
    env: {},
    exec: {},
    now: () => 0,
    register: (secret, name) => scrubber.register(secret, name),
    ...change,
    scrubber,
  }
}

const resolveSecret = (text: string, given: SecretPorts) => openSecrets(given).resolve(text)

function file(content: string, mode = 0o600) {
  const folder = temporaryFolder()
  const path = join(folder, 'secret')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

async function refusal(text: string, given: SecretPorts = ports()): Promise<EosflowError> {
  const thrown: unknown = await resolveSecret(text, given).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof EosflowError && thrown.kind === 'secret') return thrown
  throw new Error(`expected a secret error, got ${String(thrown)}`)
}

describe('a secret from the environment', () => {
  test('is found, registered, and shows itself to nobody', async () => {
    const given = ports({ env: { EOSFLOW_RW: VALUE } })
    const secret = await resolveSecret(reference('env', 'EOSFLOW_RW'), given)
    expect(secret.reveal()).toBe(VALUE)
    expect(`${secret} ${JSON.stringify({ secret })}`).not.toContain('canary')
    expect(given.scrubber.scrub(`login ${VALUE}`)).toBe('login <redacted>')
  })

  test('that is short is used, with a warning that names the reference', async () => {
    const warnings: string[] = []
    const given = ports({ env: { PIN: '1234' }, scrubber: new Scrubber((text) => warnings.push(text)) })
    expect((await resolveSecret(reference('env', 'PIN'), given)).reveal()).toBe('1234')
    expect(warnings).toEqual([expect.stringContaining(reference('env', 'PIN'))])
  })

  test('that is not set or empty is refused by name', async () => {
    expect((await refusal(reference('env', 'NOPE'))).message).toBe('the environment variable NOPE is not set')
    expect((await refusal(reference('env', 'NOPE'), ports({ env: { NOPE: '' } }))).message).toMatch(/NOPE.* is empty/)
  })
})

test.each(['constructor', 'toString', '__proto__'])(
  'the variable %s, which every object has, is not set',
  async (name) => {
    expect((await refusal(reference('env', name))).message).toBe(`the environment variable ${name} is not set`)
  },
)

describe('a secret from a file', () => {
  test.each([
    [`${VALUE}\n`, VALUE],
    [`${VALUE}\r\n`, VALUE],
    [VALUE, VALUE],
    [`${VALUE}\n\n`, `${VALUE}\n`],
    [` ${VALUE} \n`, ` ${VALUE} `],
  ])('%j is read without one trailing newline', async (content, expected) => {
    const given = ports()
    expect((await resolveSecret(reference('file', file(content)), given)).reveal()).toBe(expected)
    expect(given.scrubber.scrub(expected)).toBe('<redacted>')
  })

  test.each([0o640, 0o604, 0o660, 0o644, 0o601])('of mode %o is refused', async (mode) => {
    const error = await refusal(reference('file', file(VALUE, mode)))
    expect(error.message).toContain(`may be read by others (mode ${mode.toString(8)})`)
    expect(error.hint).toContain('chmod 600')
  })

  test('of mode 400 is taken', async () => {
    expect((await resolveSecret(reference('file', file(VALUE, 0o400)), ports())).reveal()).toBe(VALUE)
  })

  test('that is a link, a folder, missing, empty or huge is refused by name', async () => {
    const path = file(VALUE)
    symlinkSync(path, `${path}-link`)
    mkdirSync(`${path}-folder`)
    expect((await refusal(reference('file', `${path}-link`))).message).toContain('symbolic link')
    expect((await refusal(reference('file', `${path}-folder`))).message).toContain('not a regular file')
    expect((await refusal(reference('file', `${path}-none`))).message).toContain('no such file')
    expect((await refusal(reference('file', file('\n')))).message).toContain('is empty')
    expect((await refusal(reference('file', file('x'.repeat(65_537))))).message).toContain('65537 bytes')
  })
})

/** How often this process has a file open. */
const openAt = (path: string) =>
  readdirSync('/proc/self/fd').filter((fd) => {
    const at = join('/proc/self/fd', fd)
    return existsSync(at) && readlinkSync(at) === path
  }).length

test.skipIf(!existsSync('/proc/self/fd'))(
  'a file of a secret is closed again, also one that is refused (skipped without /proc)',
  () => {
    const [good, open] = [file(VALUE), file(VALUE, 0o644)]
    expect(readSecretFile(good)).toBe(VALUE)
    expect(() => readSecretFile(open)).toThrow('may be read by others')
    expect([openAt(good), openAt(open)]).toEqual([0, 0])
  },
)

test('a file of a secret that belongs to another user is refused by name', () => {
  const path = file(VALUE, 0o000)
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    chmodSync(join(path, '..'), 0o755)
    process.seteuid?.(65_534)
  }
  try {
    expect(() => readSecretFile(path)).toThrow(`${path}: this user may not read it`)
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
})

describe('a program that has ended', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  test.each([
    ['well', '/bin/true', undefined],
    ['badly', '/bin/false', 'ended with exit code 1'],
    ['before it began', '/nowhere/pass', 'cannot be started'],
  ])('%s is timed no longer, and is not killed when the work around it is stopped', async (_how, path, message) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const stop = new AbortController()
    const run = { command: [path], env: {}, seconds: 10, longest: 100, signal: stop.signal } as const
    const said = await printedBy(run).then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    )
    expect(said).toBe(message)
    expect(vi.getTimerCount()).toBe(0)
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
    stop.abort()
    expect(kill).not.toHaveBeenCalled()
  })
})

/** A program as the operator declares it; `sh` is its own argument here, never a shell of ours. */
const program = (command: ExecProvider['command'], more: Partial<ExecProvider> = {}): ExecProvider => ({
  command,
  env: [],
  seconds: 10,
  ...more,
})

const exec = (provider: ExecProvider, env: SecretPorts['env'] = {}): Given => ports({ exec: { pass: provider }, env })

describe('a secret from a program of the operator', () => {
  test('is what it prints, without one trailing newline, and registered', async () => {
    const given = exec(program(['/bin/echo', VALUE]))
    expect((await resolveSecret(reference('exec', 'pass'), given)).reveal()).toBe(VALUE)
    expect(given.scrubber.scrub(VALUE)).toBe('<redacted>')
  })

  test('is asked for by its key as one argument, whatever a shell would make of it', async () => {
    const given = exec(program(['/usr/bin/printf', '[%s]', 'kv/{key}']))
    expect((await resolveSecret(reference('exec', 'pass?a:b@c#d,e=f'), given)).reveal()).toBe('[kv/a:b@c#d,e=f]')
    const quoted = exec(program(['/usr/bin/printf', '%s', '$HOME;`id`']))
    expect((await resolveSecret(reference('exec', 'pass'), quoted)).reveal()).toBe('$HOME;`id`')
  })

  test('is given the variables of its list and no other, and no input', async () => {
    const given = exec(program(['/usr/bin/env'], { env: ['TOKEN_FILE', 'NOT_SET'] }), { TOKEN_FILE: '/t', OTHER: 'no' })
    expect((await resolveSecret(reference('exec', 'pass'), given)).reveal()).toBe('TOKEN_FILE=/t')
    const silent = exec(program(['/bin/sh', '-c', 'read line || echo nothing-to-read']))
    expect((await resolveSecret(reference('exec', 'pass'), silent)).reveal()).toBe('nothing-to-read')
  })

  test.each<[string, ExecProvider, RegExp]>([
    ['fails', program(['/bin/sh', '-c', `echo ${VALUE}; echo ${VALUE} >&2; exit 3`]), /ended with exit code 3$/],
    ['is killed', program(['/bin/sh', '-c', 'kill -9 $$']), /was ended by SIGKILL$/],
    ['is not there', program(['/nowhere/pass']), /cannot be started$/],
    ['prints nothing', program(['/bin/true']), /is empty$/],
    ['prints no text', program(['/usr/bin/printf', '\\377\\376secret']), /printed what is not text$/],
    ['prints a zero byte', program(['/usr/bin/printf', 'sec\\000ret']), /printed what is not text$/],
    [
      'prints 64 KiB and a byte',
      program(['/usr/bin/head', '-c', '65537', '/dev/zero']),
      /printed more than 65536 bytes$/,
    ],
    ['never ends', program(['/usr/bin/yes']), /printed more than 65536 bytes$/],
  ])('that %s is refused by name, and nothing that it printed is shown', async (_what, provider, message) => {
    const error = await refusal(reference('exec', 'pass'), exec(provider))
    expect(error.message).toMatch(message)
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain(VALUE)
  })

  test('that takes too long is killed with what it has started', { tags: ['long', 'turn'] }, async () => {
    const path = file('')
    const provider = program(['/bin/sh', '-c', `(sleep 1.4; echo late > ${path}) & sleep 30`], { seconds: 1 })
    const error = await refusal(reference('exec', 'pass'), exec(provider))
    expect(error.message).toMatch(/took longer than 1 s$/)
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(readFileSync(path, 'utf8')).toBe('')
  })

  test('that ends while what it has started still holds its output is killed with that', {
    tags: ['long', 'turn'],
  }, async () => {
    const path = file('')
    const provider = program(['/bin/sh', '-c', `(sleep 1.4; echo late > ${path}) & echo ${VALUE}`], { seconds: 1 })
    const error = await refusal(reference('exec', 'pass'), exec(provider))
    expect(error.message).toMatch(/took longer than 1 s$/)
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(readFileSync(path, 'utf8')).toBe('')
  })

  test('that nobody has declared, or that is asked in another way than it takes, is not run', async () => {
    expect((await refusal(reference('exec', 'pass?a'))).message).toBe('the settings declare no program pass')
    expect((await refusal(reference('exec', 'toString'), ports())).message).toContain('declare no program toString')
    const noKey = await refusal(reference('exec', 'pass?a'), exec(program(['/bin/echo', VALUE])))
    expect(noKey.message).toBe('the program pass takes no key')
    const key = await refusal(reference('exec', 'pass'), exec(program(['/bin/echo', '{key}'])))
    expect(key.message).toBe(`${reference('exec', 'pass')} says not what to ask for`)
  })
})

describe('the secrets of a command', () => {
  test('are asked for once each, also by several at a time; again only when somebody says so', async () => {
    const path = file('first-value')
    const asked: ResolvedReference[] = []
    const secrets = openSecrets(ports({ resolved: async (one) => void asked.push(one) }))
    const text = reference('file', path)
    const both = await Promise.all([secrets.resolve(text), secrets.resolve(text)])
    writeFileSync(path, 'second-value')
    expect([...both, await secrets.resolve(text)].map((one) => one.reveal())).toEqual(Array(3).fill('first-value'))
    expect((await secrets.resolveAgain(text)).reveal()).toBe('second-value')
    expect((await secrets.resolve(text)).reveal()).toBe('second-value')
    expect(asked).toEqual([{ reference: text }, { reference: text }])
  })

  test('are asked for again after a failure', async () => {
    const env: Record<string, string> = {}
    const asked: ResolvedReference[] = []
    const secrets = openSecrets(ports({ env, resolved: async (one) => void asked.push(one) }))
    const late = reference('env', 'LATE')
    await expect(secrets.resolve(late)).rejects.toThrow('not set')
    env.LATE = ''
    await expect(secrets.resolve(late)).rejects.toThrow('is empty')
    env.LATE = VALUE
    expect((await secrets.resolve(late)).reveal()).toBe(VALUE)
    expect(asked).toEqual([
      { reference: late, reason: 'the environment variable LATE is not set' },
      { reference: late, reason: `${late} is empty` },
      { reference: late },
    ])
  })

  test('are known to the scrubber before anybody sees them', async () => {
    const order: string[] = []
    const register = () => void order.push('registered')
    const resolved = async () => void order.push('on record')
    await openSecrets(ports({ env: { A: VALUE }, register, resolved })).resolve(reference('env', 'A'))
    expect(order).toEqual(['registered', 'on record'])
  })

  test.each([
    [VALUE, /^a credential is written out in plain$/],
    [`x${reference('env', 'A')}`, /not a reference/],
    [reference('env', 'A B'), /not a name of an environment variable: "A B"/],
    [reference('file', 'secrets/leaf1'), /must be absolute: "secrets\/leaf1"/],
    [reference('aws-sm', 'a#b'), /does not speak to AWS itself/],
    [reference('vault', 'kv/data/net#leaf1'), /the settings declare no Vault/],
    [reference('vault', 'ssh/sign/eosflow#signed_key'), /certificates that Vault signs are not built/],
  ])('%s is refused, and never shown where it may be a secret', async (text, message) => {
    const error = await refusal(text, ports({ env: { A: VALUE } }))
    expect(error.message).toMatch(message)
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('canary')
  })
})
