// @module-tag long
import { once } from 'node:events'
import { createServer } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Credential, SshTarget } from '../../../../src/eos/device/device.ts'
import { fingerprintOf } from '../../../../src/eos/transport/ssh/known-hosts.ts'
import { sshTransport } from '../../../../src/eos/transport/ssh/ssh-transport.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { listen } from '../../../lab/loopback.ts'
import { newKeyPair } from './new-key-pair.ts'

const PASSWORD = 'Gj7-correct-horse'
const HOST = newKeyPair()
const USER = newKeyPair()
const SHOW_VERSION = JSON.stringify({
  modelName: 'vEOS-lab',
  version: '4.32.2F',
  serialNumber: 'S1',
  systemMacAddress: '00:1c:73:00:00:01',
  uptime: 100,
  bootupTimestamp: 1_760_000_000,
})
const MODELS: Readonly<Record<string, string>> = {
  'show version | json': `${SHOW_VERSION}\r\n`,
  'show configuration sessions detail | json': '{"sessions":{}}\r\n',
}

interface Server {
  readonly target: SshTarget
  /** The methods that were tried, in order. */
  readonly tried: readonly string[]
  /** How its connections broke, by the code of the error; one that was closed is not among them. */
  readonly broken: readonly string[]
}

interface Behaviour {
  /** The methods that are offered, and whether one is passed. */
  readonly methods: readonly string[]
  readonly passes: (context: AuthContext) => boolean | 'partial'
  /** What a shell does with the connection. */
  readonly shell?: (connection: Connection, channel: ServerChannel) => void
  /** It takes the login and never answers for the shell. */
  readonly givesNoShell?: true
}

/** A server that answers three commands, whoever gets in. */
async function serve({ methods, passes, shell, givesNoShell }: Behaviour): Promise<Server> {
  const tried: string[] = []
  const broken: string[] = []
  const server = new ssh2.Server({ hostKeys: [HOST.private] }, (connection) => {
    connection.on('error', (error: NodeJS.ErrnoException) => void broken.push(error.code ?? error.message))
    connection.on('authentication', (context) => {
      if (context.method !== 'none') tried.push(context.method)
      const judge = () => {
        const passed = passes(context)
        if (passed === true) context.accept()
        else context.reject([...methods] as never, passed === 'partial')
      }
      if (context.method !== 'keyboard-interactive') return judge()
      context.prompt([{ prompt: 'Your name: ' }, { prompt: 'Password: ', echo: false }], (answers) => {
        tried.push(`answers ${answers.length}`)
        Object.assign(context, { password: answers[1] })
        judge()
      })
    })
    connection.on('session', (accept) => {
      const session = accept()
      session.on('pty', (ok) => ok())
      session.on('shell', (ok) => {
        if (givesNoShell === true) return
        const channel = ok()
        if (shell !== undefined) return shell(connection, channel)
        answerShell(channel)
      })
    })
  })
  const key = ssh2.utils.parseKey(HOST.public)
  if (key instanceof Error) throw key
  const fingerprint = fingerprintOf(key.getPublicSSH())
  const port = await listen(server)
  onTestFinished(() => void server.close())
  return {
    target: { name: 'leaf1', host: '127.0.0.1', port, transport: 'ssh', hostKey: { mode: 'pin', fingerprint } },
    tried,
    broken,
  }
}

/** Echo, a prompt, and the two models that a look reads. */
function answerShell(channel: ServerChannel) {
  let line = ''
  channel.write('leaf1#')
  channel.on('data', (bytes: Buffer) => {
    for (const key of bytes.toString()) {
      line += key
      channel.write(key === '\n' ? `\r\n${MODELS[line.trim()] ?? ''}leaf1#` : key)
      if (key === '\n') line = ''
    }
  })
}

const isPassword = (context: AuthContext) => 'password' in context && context.password === PASSWORD
const isKey = ({ method }: AuthContext) => method === 'publickey'
const CREDENTIAL: Credential = { username: 'eosflow-rw', password: new Secret(PASSWORD) }
const WITH_KEY: Credential = { username: 'eosflow-rw', privateKey: new Secret(USER.private) }

async function look(
  target: SshTarget,
  credential: Credential,
  readKnownHosts = async () => '',
  connectMilliseconds = 3000,
) {
  const device = await sshTransport({
    clock: systemClock,
    readKnownHosts,
    timeouts: { connectMilliseconds, silenceMilliseconds: 3000 },
  }).connect(target, credential, noFence)
  onTestFinished(() => device.close())
  return device.look([])
}

describe('a login', () => {
  test('to a switch that never gives the shell ends in time, and may be tried again', async () => {
    const server = await serve({ methods: ['password'], passes: isPassword, givesNoShell: true })
    const thrown = await look(server.target, CREDENTIAL, undefined, 700).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ kind: 'unreachable', retryable: true })
    expect(String(thrown)).toContain('no shell within 0.7 s')
  })

  test.each([
    ['by password', ['password'], isPassword, CREDENTIAL, ['password']],
    [
      'by a password that is asked for',
      ['keyboard-interactive'],
      isPassword,
      CREDENTIAL,
      ['keyboard-interactive', 'answers 2'],
    ],
    ['by key first', ['password', 'publickey'], isKey, { ...CREDENTIAL, ...WITH_KEY }, ['publickey', 'publickey']],
    ['by key alone', ['publickey'], isKey, WITH_KEY, ['publickey', 'publickey']],
  ] as const)('%s', { tags: ['long', 'turn'] }, async (_, methods, passes, credential, tried) => {
    const server = await serve({ methods, passes })
    expect((await look(server.target, credential)).identity.serial).toBe('S1')
    expect(server.tried).toEqual(tried)
  })

  test('by key and by password, where the switch wants both', async () => {
    const server = await serve({
      methods: ['publickey', 'password'],
      passes: (context) =>
        isKey(context) ? ('signature' in context && context.signature ? 'partial' : true) : isPassword(context),
    })
    expect((await look(server.target, { ...CREDENTIAL, ...WITH_KEY })).identity.serial).toBe('S1')
    expect(server.tried.at(-1)).toBe('password')
  })

  test('with a wrong password counts as one failure', async () => {
    const server = await serve({ methods: ['password', 'keyboard-interactive'], passes: () => false })
    const thrown = look(server.target, CREDENTIAL)
    await expect(thrown).rejects.toMatchObject({ kind: 'unauthenticated', device: 'leaf1', retryable: false })
    await expect(thrown).rejects.not.toThrow(PASSWORD)
    expect(server.tried).toEqual(['password'])
  })

  test('with a key that is none says so, and shows nothing of it', async () => {
    const server = await serve({ methods: ['publickey'], passes: isKey })
    const thrown = look(server.target, { username: 'x', privateKey: new Secret('-----BEGIN canary-----') })
    await expect(thrown).rejects.toMatchObject({ kind: 'secret', message: expect.not.stringContaining('canary') })
  })

  test('[G93] at another host key ends before anything is named', async () => {
    const server = await serve({ methods: ['password'], passes: isPassword })
    const pin = { mode: 'pin', fingerprint: 'SHA256:oyz7Rds2huGaVo9EJElkFMsyu+OB59RN8L9EL/rMsj8' } as const
    await expect(look({ ...server.target, hostKey: pin }, CREDENTIAL)).rejects.toMatchObject({ kind: 'tls' })
    const file = { mode: 'known-hosts', file: 'known_hosts' } as const
    await expect(look({ ...server.target, hostKey: file }, CREDENTIAL)).rejects.toMatchObject({
      kind: 'tls',
      hint: expect.stringContaining(`ssh-keyscan -p ${server.target.port} 127.0.0.1 >> known_hosts`),
    })
    expect(server.tried).toEqual([])
  })

  test('at a host key that a file knows', { tags: ['long', 'turn'] }, async () => {
    const server = await serve({ methods: ['password'], passes: isPassword })
    const file = { mode: 'known-hosts', file: 'known_hosts' } as const
    const line = `[127.0.0.1]:${server.target.port} ${HOST.public}`
    const { identity } = await look({ ...server.target, hostKey: file }, CREDENTIAL, async () => line)
    expect(identity.eos).toBe('4.32.2F')
  })
})

describe('a shell that is given up', () => {
  /** Prompts, echoes, and answers the first command behind the login with a line of its log: something is heard, and nothing is proven. */
  const logs = (_: Connection, channel: ServerChannel) => {
    let line = ''
    channel.write('leaf1#')
    channel.on('data', (bytes: Buffer) => {
      for (const key of bytes.toString()) {
        line += key
        if (key !== '\n') continue
        channel.write(line.startsWith('show') ? 'Oct  1 %SYS-5-CONFIG_I: by somebody\r\n' : `${line.trim()}\r\nleaf1#`)
        line = ''
      }
    })
  }

  test('is ended with a reset where an answer is owed, whatever was heard meanwhile, so that nothing typed arrives later', {
    tags: ['long', 'turn'],
  }, async () => {
    const server = await serve({ methods: ['password'], passes: isPassword, shell: logs })
    const device = await sshTransport({
      clock: systemClock,
      timeouts: { connectMilliseconds: 3000, silenceMilliseconds: 200 },
    }).connect(server.target, CREDENTIAL, noFence)
    await expect(device.look([])).rejects.toMatchObject({ kind: 'lost-answer' })
    await expect.poll(() => server.broken).toEqual(['ECONNRESET'])
  })

  test('is closed as ever where all was answered', { tags: ['long', 'turn'] }, async () => {
    const server = await serve({ methods: ['password'], passes: isPassword })
    const device = await sshTransport({ clock: systemClock }).connect(server.target, CREDENTIAL, noFence)
    await device.look([])
    await device.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server.broken).toEqual([])
  })
})

describe('a switch that cannot be reached', () => {
  test.each([
    ['that closes the shell', (connection: Connection) => void connection.end()],
    ['that says nothing', () => undefined],
  ])('%s may be tried again', { tags: ['long', 'turn'] }, async (_, shell) => {
    const server = await serve({ methods: ['password'], passes: isPassword, shell })
    await expect(look(server.target, CREDENTIAL)).rejects.toMatchObject({ kind: 'unreachable', retryable: true })
  })

  test('where nobody listens, or somebody who is not SSH', async () => {
    const silent = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const port = await listen(silent)
    const target: SshTarget = {
      name: 'leaf1',
      host: '127.0.0.1',
      port,
      transport: 'ssh',
      hostKey: { mode: 'pin', fingerprint: 'SHA256:x' },
    }
    await expect(look(target, CREDENTIAL)).rejects.toMatchObject({ device: 'leaf1' })
    silent.close()
    await once(silent, 'close')
    await expect(look(target, CREDENTIAL)).rejects.toMatchObject({ kind: 'unreachable', retryable: true })
  })
})
