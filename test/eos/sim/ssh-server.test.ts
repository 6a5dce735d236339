import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Client, ClientChannel, ConnectConfig } from 'ssh2'
import ssh2 from 'ssh2'
import { afterEach, describe, expect, test } from 'vitest'
import { newHostKey } from '../../../src/eos/sim/ssh/host-key.ts'
import { sha512Crypt } from '../../../src/model/sha512-crypt.ts'
import { type RunningDevice, type RunningFabric, startFabric, VirtualClock } from '../../../src/testing.ts'
import { everyNthOfLong } from '../../extent.ts'
import { CONFIG } from './simulate.ts'

/** What a single command gave. */
interface Executed {
  readonly output: string
  readonly status: number | null
}

/** A shell over a real connection. */
interface RemoteShell {
  readonly channel: ClientChannel
  /** Everything that arrived. */
  readonly printed: string
  /** Sends characters. */
  send(text: string): void
  /** Waits until what arrived ends with a text; gives what arrived since the last wait. */
  until(ending: string): Promise<string>
}

/** Connects and logs in. Rejects with what the client says when it cannot. */
function connectTo(device: RunningDevice, config: Partial<ConnectConfig> = {}): Promise<Client> {
  const { host, port } = device.ssh
  const client = new ssh2.Client()
  return new Promise((resolve, reject) => {
    client.on('ready', () => resolve(client)).on('error', reject)
    client.connect({ host, port, username: device.username, password: device.password, ...config })
  })
}

/** Runs one command on its own channel. */
function execute(client: Client, command: string): Promise<Executed> {
  return new Promise((resolve, reject) => {
    client.on('error', reject)
    client.exec(command, (error, channel) => {
      if (error) reject(error)
      else {
        let output = ''
        let status: number | null = null
        channel.on('data', (data: Buffer) => {
          output += data.toString()
        })
        channel.on('exit', (code: number | null) => {
          status = code
        })
        channel.on('close', () => resolve({ output, status }))
      }
    })
  })
}

/** Opens a shell on a terminal of 80 columns by `rows`. */
function shellOn(client: Client, rows = 24): Promise<RemoteShell> {
  return new Promise((resolve, reject) => {
    client.shell({ cols: 80, rows, term: 'vt100' }, (error, channel) => {
      if (error) reject(error)
      else resolve(remoteShell(channel))
    })
  })
}

function remoteShell(channel: ClientChannel): RemoteShell {
  let printed = ''
  let seen = 0
  let wake = (): void => undefined
  channel.on('data', (data: Buffer) => {
    printed += data.toString()
    wake()
  })
  channel.on('close', () => wake())
  const until = async (ending: string): Promise<string> => {
    while (!(printed.length > seen && printed.endsWith(ending))) {
      if (channel.destroyed) throw new Error(`the channel closed after ${JSON.stringify(printed.slice(seen))}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    const since = printed.slice(seen)
    seen = printed.length
    return since
  }
  return {
    channel,
    get printed() {
      return printed
    },
    send: (text) => void channel.write(text),
    until,
  }
}

const KEYS = newHostKey()
const OTHER = newHostKey()
const USERS = CONFIG.replace(
  'spanning-tree mode mstp\n',
  [
    `username eva privilege 15 role network-admin secret sha512 ${sha512Crypt('hunter2', 'saltsaltsaltsalt')}`,
    `username eva ssh-key ${KEYS.public}`,
    'username open nopassword',
    'banner login',
    'Authorised only.',
    'EOF',
    'spanning-tree mode mstp\n',
  ].join('\n'),
)

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function start(
  config = CONFIG,
  clock?: VirtualClock,
): Promise<RunningFabric & { readonly device1: RunningDevice }> {
  const device = { name: 'sw1', eos: '4.32.2F', model: 'cEOSLab', serial: 'S1', mac: '00:1c:73:00:00:01', config }
  const credentials = { username: 'op', password: 'pw' }
  const fabric = await startFabric({
    fabric: { name: 'one', credentials, devices: [device], cabling: [], faults: [] },
    ...(clock === undefined ? {} : { clock }),
  })
  open.push(() => fabric.close())
  return { ...fabric, device1: fabric.device('sw1') }
}

async function login(device: RunningDevice, config?: Partial<ConnectConfig>): Promise<Client> {
  const client = await connectTo(device, config)
  client.on('error', () => undefined)
  open.push(() => client.end())
  return client
}

async function eapi({ eapi }: RunningDevice, ...cmds: readonly string[]): Promise<unknown> {
  const params = { version: 1, cmds: ['enable', ...cmds], format: 'json' }
  const { body } = await eapi(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params }))
  return (JSON.parse(body) as { result: unknown[] }).result.at(-1)
}

const accepts = ({ ssh: { host, port } }: RunningDevice): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host)
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })

describe('logging in', () => {
  test('without compression: a client that wants it and nothing else is refused', async () => {
    const { device1 } = await start()
    const either = await login(device1, { algorithms: { compress: ['zlib@openssh.com', 'none'] } })
    expect((await execute(either, 'show hostname')).status).toBe(0)
    await expect(connectTo(device1, { algorithms: { compress: ['zlib@openssh.com'] } })).rejects.toThrow('compression')
  })

  test('with the printed login, by password and when asked for it', async () => {
    const { device1 } = await start()
    expect((await execute(await login(device1), 'show hostname')).output).toBe('Hostname: sw1\nFQDN:     sw1\n')
    const client = new ssh2.Client()
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => {
      expect(prompts).toEqual([{ prompt: 'Password: ', echo: false }])
      finish(['pw'])
    })
    const ready = new Promise<void>((resolve, reject) => client.on('ready', () => resolve()).on('error', reject))
    client.connect({ ...device1.ssh, username: 'op', tryKeyboard: true, authHandler: ['keyboard-interactive'] })
    await ready
    client.end()
  })

  test('with a user of the configuration: its password, its key', { tags: ['long', 'turn'] }, async () => {
    const { device1 } = await start(USERS)
    const byPassword = await login(device1, { username: 'eva', password: 'hunter2' })
    expect((await execute(byPassword, 'show running-config | include ^hostname')).output).toBe('hostname sw1\n')
    const byKey = await login(device1, { username: 'eva', privateKey: KEYS.private, authHandler: ['publickey'] })
    expect((await execute(byKey, 'show running-config | include ^hostname')).output).toBe('hostname sw1\n')
  })

  const refused = [
    ['a wrong password', { username: 'eva', password: 'hunter3' }],
    ['a key of nobody', { username: 'eva', privateKey: OTHER.private, authHandler: ['publickey'] }],
    ['nobody', { username: 'mallory', password: 'pw' }],
    ['no password where remote logins need one', { username: 'open', authHandler: ['none'] }],
  ] as const
  test.each(everyNthOfLong(2, 'logins that are refused', refused))('not with %s', async (_name, config) => {
    const { device1 } = await start(USERS)
    await expect(connectTo(device1, config as Partial<ConnectConfig>)).rejects.toThrow(
      'All configured authentication methods failed',
    )
  })

  test('the login banner comes before the login, and the host key is the one that was announced', async () => {
    const { device1 } = await start(USERS)
    let banner = ''
    let key: Buffer = Buffer.alloc(0)
    const client = new ssh2.Client()
    client.on('banner', (text) => {
      banner = text
    })
    const ready = new Promise<void>((resolve, reject) => client.on('ready', () => resolve()).on('error', reject))
    client.connect({
      ...device1.ssh,
      username: 'op',
      password: 'pw',
      hostVerifier: (shown: Buffer) => {
        key = shown
        return true
      },
    })
    await ready
    client.end()
    expect(banner).toBe('Authorised only.\r\n')
    expect(device1.ssh.publicKey).toBe(`ssh-ed25519 ${key.toString('base64')}`)
  })

  test('a host key that is given is kept', async () => {
    const fabric = await startFabric({
      fabric: {
        name: 'one',
        credentials: { username: 'op', password: 'pw' },
        devices: [
          {
            name: 'sw1',
            eos: '4.32.2F',
            model: 'cEOSLab',
            serial: 'S1',
            mac: '00:1c:73:00:00:01',
            config: CONFIG,
            sshHostKey: KEYS.private,
          },
        ],
        cabling: [],
        faults: [],
      },
    })
    open.push(() => fabric.close())
    expect(fabric.device('sw1').ssh).toMatchObject({ publicKey: KEYS.public, hostKey: KEYS.fingerprint })
  })
})

describe('single commands', () => {
  test('print text or JSON and end with a status', async () => {
    const client = await login((await start()).device1)
    expect(await execute(client, 'show hostname | json')).toEqual({
      output: '{\n    "fqdn": "sw1",\n    "hostname": "sw1"\n}\n',
      status: 0,
    })
    expect(await execute(client, 'show bogus')).toEqual({ output: '% Invalid input\n', status: 1 })
  })

  test('several rows are several commands, and answer what is asked', async () => {
    const { device1 } = await start()
    const client = await login(device1)
    const rows = ['enable', 'configure', 'banner motd', 'Hello', 'EOF', 'hostname sw2', 'show hostname']
    expect(await execute(client, rows.join('\n'))).toEqual({ output: 'Hostname: sw2\nFQDN:     sw2\n', status: 0 })
    expect(await eapi(device1, 'show hostname')).toEqual({ hostname: 'sw2', fqdn: 'sw2' })
  })
})

describe('a shell', () => {
  test('is a whole dialogue, and takes other channels beside it', async () => {
    const { device1 } = await start()
    const client = await login(device1)
    const shell = await shellOn(client)
    expect(await shell.until('sw1>')).toMatch(
      /^Last login: \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} from 127\.0\.0\.1\r\nsw1>$/,
    )
    shell.send('enable\r')
    expect(await shell.until('sw1#')).toBe('enable\r\nsw1#')
    expect((await execute(client, 'show hostname')).output).toBe('Hostname: sw1\nFQDN:     sw1\n')
    shell.channel.setWindow(3, 80, 0, 0)
    shell.send('show running-config\r')
    expect(await shell.until(' --More-- ')).toContain('! Command: show running-config')
    shell.send('q')
    await shell.until('sw1#')
    const left = new Promise((resolve) => shell.channel.on('exit', resolve))
    shell.send('exit\r')
    expect(await left).toBe(0)
  })

  test('a session opened in it is seen over eAPI, with who is inside, and back', {
    tags: ['long', 'turn'],
  }, async () => {
    const { device1 } = await start()
    const shell = await shellOn(await login(device1))
    await shell.until('sw1>')
    shell.send('enable\rconfigure session mine\rinterface Ethernet2\rdescription x\r')
    await shell.until('description x\r\nsw1(config-s-mine-if-Et2)#')
    const listed = (await eapi(device1, 'show configuration sessions')) as {
      sessions: Record<string, { state: string; instances: Record<string, unknown> }>
    }
    expect(listed.sessions.mine?.state).toBe('pending')
    expect(Object.values(listed.sessions.mine?.instances ?? {})).toEqual([{ user: 'op', terminal: 'vty2' }])
    await eapi(device1, 'configure session mine', 'vlan 77', 'name FROM-EAPI')
    shell.send('show session-config diffs | include ^[+]\r')
    const diff = await shell.until('sw1(config-s-mine-if-Et2)#')
    expect(diff).toContain('+vlan 77\r\n+   name FROM-EAPI\r\n')
    expect(diff).toContain('+   description x\r\n')
    shell.send('end\r')
    await shell.until('sw1#')
    const after = (await eapi(device1, 'show configuration sessions')) as typeof listed
    expect(after.sessions.mine?.instances).toEqual({})
  })

  test('lines of configure are live one by one, and what others change meanwhile stays', {
    tags: ['long', 'turn'],
  }, async () => {
    const { device1 } = await start()
    const shell = await shellOn(await login(device1))
    shell.send('enable\rconfigure\rinterface Ethernet2\rdescription live\r')
    await shell.until('description live\r\nsw1(config-if-Et2)#')
    const section = { cmds: { 'description live': null }, comments: [] }
    expect(await eapi(device1, 'show running-config')).toMatchObject({ cmds: { 'interface Ethernet2': section } })
    await eapi(device1, 'configure', 'hostname sw9')
    shell.send('mtu 9000\r')
    await shell.until('sw9(config-if-Et2)#')
    expect(await eapi(device1, 'show running-config')).toMatchObject({
      cmds: { 'hostname sw9': null, 'interface Ethernet2': { cmds: { 'description live': null, 'mtu 9000': null } } },
    })
  })

  test('connections, lines and bytes are counted, and each line is on record', { tags: ['long', 'turn'] }, async () => {
    const { device1 } = await start()
    const before = device1.counters().connections
    const shell = await shellOn(await login(device1))
    shell.send('show hostname\rbogus\r')
    await shell.until('% Invalid input\r\nsw1>')
    const counters = device1.counters()
    expect(counters.connections).toBe(before + 1)
    expect(counters.requests).toBe(2)
    expect(counters.bytesIn).toBe('show hostname\rbogus\r'.length)
    expect(counters.bytesOut).toBe(shell.printed.length)
    expect(
      device1.requests().map(({ method, path, commands, kind, answer }) => [method, path, commands, kind, answer]),
    ).toEqual([
      ['SSH', 'shell', ['show hostname'], 'read', 0],
      ['SSH', 'shell', ['bogus'], 'write', 1002],
    ])
  })
})

describe('faults', () => {
  const lost = (client: Client): Promise<unknown> =>
    new Promise((resolve) => {
      client.on('error', resolve).on('close', () => resolve(undefined))
    })

  test('while a switch cannot be reached its port is closed and its shells are gone', {
    tags: ['long', 'turn'],
  }, async () => {
    const clock = new VirtualClock()
    const { device1, fault } = await start(CONFIG, clock)
    const client = await login(device1)
    const shell = await shellOn(client)
    await shell.until('sw1>')
    const gone = lost(client)
    await fault({ device: 'sw1', kind: 'unreachable', for: 60 })
    await gone
    expect(await accepts(device1)).toBe(false)
    await clock.advance(60_000)
    await expect.poll(() => accepts(device1)).toBe(true)
  })

  test('a slow switch answers when its clock says so', { tags: ['long', 'turn'] }, async () => {
    const clock = new VirtualClock()
    const { device1, fault } = await start(CONFIG, clock)
    await fault({ device: 'sw1', kind: 'slow', before: 5, command: '^show hostname' })
    const shell = await shellOn(await login(device1))
    shell.send('show hostname\r')
    await shell.until('show hostname\r\n')
    await clock.advance(4_000)
    expect(shell.printed.endsWith('show hostname\r\n')).toBe(true)
    await clock.advance(1_000)
    expect(await shell.until('sw1>')).toContain('Hostname: sw1')
  })

  test.each([
    [{ kind: 'lost-answer', command: '^commit' }, 'committed'],
    [{ kind: 'lost-answer', command: '^commit', applied: false }, 'pending'],
    [{ kind: 'reset-after-commit' }, 'committed'],
  ] as const)('the connection dies of %j', { tags: 'long' }, async (fault, state) => {
    const fabric = await start()
    const client = await login(fabric.device1)
    const shell = await shellOn(client)
    shell.send('enable\rconfigure session s\rhostname sw2\r')
    await shell.until('hostname sw2\r\nsw1(config-s-s)#')
    await fabric.fault({ device: 'sw1', ...fault })
    const gone = lost(client)
    shell.send('commit\r')
    await gone
    expect(fabric.device1.switch.sessions.get('s')?.state).toBe(state === 'committed' ? 'completed' : 'pending')
    expect(fabric.device1.switch.terminals.all()).toEqual([])
    expect(await accepts(fabric.device1)).toBe(true)
  })

  test('a commit that takes the management address away cuts SSH off, and the timer brings it back', async () => {
    const clock = new VirtualClock()
    const { device1 } = await start(CONFIG, clock)
    const client = await login(device1)
    const shell = await shellOn(client)
    shell.send('enable\rconfigure session s\rinterface Management1\rno ip address\r')
    await shell.until('no ip address\r\nsw1(config-s-s-if-Ma1)#')
    const gone = lost(client)
    shell.send('commit timer 00:01:00\r')
    await gone
    expect(await accepts(device1)).toBe(false)
    await clock.advance(60_000)
    await expect.poll(() => accepts(device1)).toBe(true)
    expect(device1.switch.sessions.get('s')).toBeUndefined()
  })

  test('a change over eAPI cuts SSH off as well; taking eAPI away does not', { tags: ['long', 'turn'] }, async () => {
    const { device1 } = await start()
    await eapi(device1, 'configure', 'management ssh', 'shutdown')
    await expect.poll(() => accepts(device1)).toBe(false)
    await eapi(device1, 'configure', 'management ssh', 'no shutdown', 'exit', 'management api http-commands')
    await expect.poll(() => accepts(device1)).toBe(true)
    const shell = await shellOn(await login(device1))
    shell.send('enable\rno management api http-commands\rconfigure\rno management api http-commands\r')
    await shell.until('sw1(config)#no management api http-commands\r\nsw1(config)#')
    expect(device1.switch.reachable).toBe(false)
    shell.send('show hostname\r')
    expect(await shell.until('sw1(config)#')).toContain('Hostname: sw1')
  })
})

const SSH = '/usr/bin/ssh'

describe.skipIf(!existsSync(SSH))('the OpenSSH client', () => {
  test('runs a command with a key, strict about the host', async () => {
    const { device1 } = await start(USERS)
    const { host, port, publicKey } = device1.ssh
    const folder = mkdtempSync(join(tmpdir(), 'eosflow-ssh-'))
    open.push(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'key'), KEYS.private, { mode: 0o600 })
    writeFileSync(join(folder, 'known_hosts'), `[${host}]:${port} ${publicKey}\n`)
    const options = ['-F', 'none', '-i', join(folder, 'key'), '-p', String(port), '-o', 'BatchMode=yes']
    const strict = ['-o', 'StrictHostKeyChecking=yes', '-o', `UserKnownHostsFile=${join(folder, 'known_hosts')}`]
    const { stdout, stderr } = await promisify(execFile)(SSH, [...options, ...strict, `eva@${host}`, 'show hostname'])
    expect(stdout).toBe('Hostname: sw1\nFQDN:     sw1\n')
    expect(stderr).toContain('Authorised only.')
  })
})
