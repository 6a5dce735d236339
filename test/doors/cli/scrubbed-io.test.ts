import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { main } from '../../../src/doors/cli/program.ts'
import type { Terminal } from '../../../src/doors/cli/terminal/io.ts'
import { scrubbedIo } from '../../../src/doors/cli/terminal/scrubbed-io.ts'
import { Secret } from '../../../src/model/secret.ts'
import { secretRecord } from '../../../src/project/execution/journal/begin.ts'
import type { Project } from '../../../src/project/files/project.ts'
import { saveText } from '../../../src/project/system/process/save-text.ts'
import { fileText, inProcess, openLab, partOf, shows, temporaryFolder } from '../../lab/lab.ts'

/** A terminal that keeps what it is handed, in order. */
function terminal(rest: Partial<Terminal> = {}): Terminal & { readonly said: string[] } {
  const said: string[] = []
  return {
    said,
    env: {},
    cwd: '/',
    out: (text) => said.push(`out ${text}`),
    err: (text) => said.push(`err ${text}`),
    interactive: false,
    color: false,
    ask: async (question) => {
      said.push(`ask ${question}`)
      return 'typed s3cr3t-v4lue'
    },
    stop: new AbortController().signal,
    ...rest,
  }
}

describe('a terminal behind the scrubber', () => {
  test('[G74] never gets a secret, in one piece or in several, on either output', () => {
    const real = terminal()
    const io = scrubbedIo(real)
    io.scrubber.register(new Secret('s3cr3t-v4lue'), 'a secret')
    io.out('a s3cr3t-v4')
    io.err('b s3cr3t')
    io.out('lue c\n')
    io.err('-v4lue d\n')
    expect(real.said).toEqual(['out a ', 'err b ', 'out <redacted> c\n', 'err <redacted> d\n'])
  })

  test('gets each line of progress at once, and at the end what was held back', () => {
    const real = terminal()
    const io = scrubbedIo(real)
    io.scrubber.register(new Secret('s3cr3t-v4lue'), 'a secret')
    io.err('leaf1: verified\n')
    io.out('ends')
    expect(real.said).toEqual(['err leaf1: verified\n', 'out end'])
    io.flush()
    expect(real.said).toEqual(['err leaf1: verified\n', 'out end', 'out s'])
  })

  test('is asked with everything that was said before, and answers with what was typed', async () => {
    const real = terminal()
    const io = scrubbedIo(real)
    io.scrubber.register(new Secret('s3cr3t-v4lue'), 'a secret')
    io.err('plans')
    expect(await io.ask('approve s3cr3t-v4lue? ')).toBe('typed s3cr3t-v4lue')
    expect(real.said).toEqual(['err plan', 'err s', 'ask approve <redacted>? '])
  })

  test('keeps the scrubber it is behind already', () => {
    const outer = scrubbedIo(terminal())
    expect(scrubbedIo(outer).scrubber).toBe(outer.scrubber)
  })

  test('and files: what is saved is scrubbed and for its owner alone', () => {
    const dir = temporaryFolder()
    const io = { ...scrubbedIo(terminal({ cwd: dir })), features: [] }
    io.scrubber.register(new Secret('s3cr3t-v4lue'), 'a secret')
    saveText(io, 'report.txt', 'it is s3cr3t-v4lue')
    expect(fileText(dir, 'report.txt')).toBe('it is <redacted>')
    expect(statSync(join(dir, 'report.txt')).mode & 0o777).toBe(0o600)
  })
})

test('a password that is no secret is warned of once, by its name, and not shown', async () => {
  const dir = temporaryFolder()
  const env = { SHORT: 'hunter2', WORD: 'interface', GOOD: 'kestrel-7719-pass' }
  writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
  const users = Object.keys(env).map((name) => `  ${name}: { username: eosflow, password: '\${env:${name}}' }`)
  writeFileSync(
    join(dir, 'inventory.yaml'),
    `credentials:\n${users.join('\n')}\ndevices:\n  leaf1: { host: 192.0.2.1, credentials: GOOD }\n`,
  )
  const real = terminal({ cwd: dir, env })
  expect(await main(['validate'], real)).toBe(0)
  expect(real.said.filter((line) => line.startsWith('err ! '))).toEqual([
    `err ! \${env:SHORT} is shorter than 8 characters: it is not removed from output and records; change it\n`,
    `err ! \${env:WORD} is an ordinary word: it is not removed from output and records; change it\n`,
  ])
  expect(real.said.join('')).not.toContain('hunter2')
})

/** A project whose inventory begins with this text. */
function projectWith(comment: string) {
  const dir = temporaryFolder({
    'eosflow.yaml': 'version: 1\n',
    'inventory.yaml': `# ${comment}\nversion: 1\ndevices: {}\n`,
  })
  return dir
}

/** How the command ends in such a project, once it has read it. */
const NO_STORE = {
  code: 3,
  stdout: '',
  stderr:
    '✖ .eosflow/store.db:1:1: there is no store here, so nothing is on record\n    Name the project with -C, or the store with --store; the first plan or change makes a store.\n1 problem: nothing was contacted.\n',
}

describe('a reference in a text that somebody else wrote', () => {
  test.each(['file:/dev/zero', 'file:/dev/tty', 'file:/', 'env:constructor', 'env:__proto__', 'env:toString'])(
    '%s neither holds nor ends a command',
    async (reference) => {
      const dir = projectWith(`$\{${reference}}`)
      expect(await inProcess(['audit list -C', dir], dir)).toMatchObject(NO_STORE)
    },
  )

  test('to a pipe that nobody writes to is not waited for', async () => {
    const pipe = join(projectWith('nothing'), 'pipe')
    execFileSync('mkfifo', [pipe])
    const dir = projectWith(`\${file:${pipe}}`)
    expect(await inProcess(['audit list -C', dir], dir)).toMatchObject(NO_STORE)
  })

  test('nor does a project whose inventory is a folder', async () => {
    const dir = projectWith('nothing')
    rmSync(join(dir, 'inventory.yaml'))
    mkdirSync(join(dir, 'inventory.yaml'))
    expect(await inProcess(['audit list -C', dir], dir)).toMatchObject(NO_STORE)
  })
})

test.each([
  ['is empty', '', 'certs/vault.pem holds no certificate of an authority for Vault'],
  [
    'holds something else',
    'the authority is on the other disk\n',
    'certs/vault.pem holds no certificate of an authority for Vault',
  ],
  ['is not there', undefined, 'the certificate authority of Vault cannot be read from certs/vault.pem'],
])('where the file of its authority %s, Vault is not believed for the sake of the system', async (_, text, says) => {
  const lab = openLab()
  writeFileSync(join(lab.dir, 'token'), 'hvs.not-a-real-token', { mode: 0o600 })
  lab.write(
    'eosflow.yaml',
    `version: 1\nsecrets: { vault: { address: "https://127.0.0.1:1", ca: certs/vault.pem, login: { token: "\${file:${lab.dir}/token}" } } }\n`,
  )
  if (text !== undefined) lab.write('certs/vault.pem', text)
  lab.write(
    'inventory.yaml',
    `credentials: { user: { username: admin, password: "\${vault:kv/data/net#password}" } }\ndevices: { leaf1: { host: 10.0.0.1, credentials: user } }\n`,
  )
  await shows(10, lab.eosflow('plan workflow.yaml'), says)
  expect(lab.device('leaf1').requests()).toEqual([])
})

const A = `\${vault:kv/data/net#a}`

/** What is on record after these were asked for, in a project that is made so. */
async function recorded(project: { policyPresent: boolean; exec: object; vault?: object }) {
  const events: EventBody[] = []
  const { policyPresent, ...secrets } = project
  const record = secretRecord(partOf<Project>({ policyPresent, settings: { secrets } }))
  await record.resolved({ reference: A })
  record.writeTo({ append: async (...bodies) => void events.push(...bodies) })
  await record.resolved({ reference: A, version: 3, goodUntil: Date.parse('2026-11-20T12:00:00Z') })
  await record.resolved({ reference: A, version: 3 })
  await record.resolved({ reference: A, version: 4 })
  await record.resolved({ reference: A, reason: 'Vault is sealed' })
  await record.resolved({ reference: A, reason: 'Vault is sealed' })
  return events
}

test('each reference and version is put on record once, and why one was not had', async () => {
  const all = [
    { type: 'SecretResolved', reference: A, outcome: 'ok', version: '3', until: '2026-11-20T12:00:00.000Z' },
    { type: 'SecretResolved', reference: A, outcome: 'ok', version: '4' },
    { type: 'SecretResolved', reference: A, outcome: 'failed', reason: 'Vault is sealed' },
  ]
  expect(await recorded({ policyPresent: true, exec: {} })).toEqual(all)
  expect(await recorded({ policyPresent: false, exec: {}, vault: {} })).toEqual(all)
  expect(await recorded({ policyPresent: false, exec: { pass: {} } })).toEqual(all)
  expect(await recorded({ policyPresent: false, exec: {} })).toEqual([])
})
