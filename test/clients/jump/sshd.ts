import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { DeviceTarget, Hop } from '../../../src/eos/device/device.ts'
import type { LoopbackHost } from '../../../src/eos/sim/listener/switch-listener.ts'
import type { FabricPorts } from '../../../src/lab/trial/start-fabric.ts'
import { BOOT } from '../../eos/transport/device-contract.ts'
import { pinnedHop } from '../../eos/transport/ssh/hop-server.ts'
import { newKeyPair } from '../../eos/transport/ssh/new-key-pair.ts'
import { openLab, type SocketLab } from '../../lab/lab.ts'

const SSHD = '/usr/sbin/sshd'

/** Whether OpenSSH's server is installed (Debian: openssh-server), and what a skipped test says of that. */
export const hasSshd = existsSync(SSHD)
export const withoutSshd = hasSshd ? '' : ' (SKIPPED: openssh-server is not installed)'

/** The user of this process, and the key with which it logs in at every sshd of these tests. */
export const SSH_USER = { username: userInfo().username, key: newKeyPair() }

/** A real sshd that forwards connections. */
export interface Sshd {
  readonly hop: Hop
  readonly publicKey: string
  /** What it has logged so far, at level VERBOSE. */
  log(): string
  /** Ends it and every connection through it, at once. */
  kill(): Promise<void>
  /** Starts it again at the same place, with the same host key unless that is said. */
  revive(as?: 'another host key'): Promise<void>
  /** Ends it, and takes its files away. */
  remove(): Promise<void>
}

/** Starts an sshd as a process of this user on loopback. `lines`: more of its configuration. */
export async function startSshd(name: string, host = '127.0.0.1', lines: readonly string[] = []): Promise<Sshd> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-sshd-'))
  const hostKey = newKeyPair()
  writeFileSync(join(dir, 'host_key'), hostKey.private, { mode: 0o600 })
  writeFileSync(join(dir, 'authorized_keys'), `${SSH_USER.key.public}\n`, { mode: 0o600 })
  writeFileSync(join(dir, 'banner'), '\u001b[2J\u001b]0;owned by a banner\u0007\n')
  const port = await freePort(host)
  const config = [
    `Port ${port}`,
    `ListenAddress ${host}`,
    `HostKey ${join(dir, 'host_key')}`,
    `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    // The first value of a keyword counts.
    ...lines.map((line) => line.replace('BANNER', join(dir, 'banner'))),
    'LogLevel VERBOSE',
  ]
  writeFileSync(join(dir, 'sshd_config'), `${config.join('\n')}\n`)
  // Its place for privileges is made by the package's service, which is not started here.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
  let said = ''
  let running: ChildProcess | undefined
  const revive: Sshd['revive'] = async (as) => {
    if (as !== undefined) writeFileSync(join(dir, 'host_key'), newKeyPair().private, { mode: 0o600 })
    running = spawn(SSHD, ['-D', '-e', '-f', join(dir, 'sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] })
    running.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    await untilAnswered(host, port, () => said)
  }
  await revive()
  const kill = async () => {
    const child = running
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    for (const pid of [child.pid, ...descendants(child.pid)]) end(pid)
    await ended
  }
  return {
    hop: pinnedHop({ name, host, port }, hostKey.public),
    publicKey: hostKey.public,
    log: () => said,
    kill,
    revive,
    remove: async () => {
      await kill()
      rmSync(dir, { recursive: true })
    },
  }
}

async function freePort(host: string) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function untilAnswered(host: string, port: number, log: () => string) {
  for (let tries = 0; tries < 100; tries += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ host, port })
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (isOpen) return
    await pause(50)
  }
  throw new Error(`sshd does not answer: ${log()}`)
}

/** The processes that one has begun, and those that they have begun: sshd puts each connection into a session of its own. */
function descendants(of: number) {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ')
        return [{ pid: Number(name), parent: Number(fields[1]) }]
      } catch {
        return []
      }
    })
  const found: number[] = []
  for (let around = [of]; around.length > 0; ) {
    around = parents.filter(({ parent }) => around.includes(parent)).map(({ pid }) => pid)
    found.push(...around)
  }
  return found
}

function end(pid: number) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {}
}

/** How one switch is reached through jump hosts. */
export interface Behind extends FabricPorts {
  readonly hops: readonly Sshd[]
  readonly over: DeviceTarget['transport']
  readonly workflow: string
  /** Where the switch is. Default 127.0.0.1. */
  readonly host?: LoopbackHost
  /** The same as the last jump host knows it. */
  readonly at?: string
  /** Lines of its configuration beside those of the contract. */
  readonly config?: string
  /** Who logs in to the jump hosts, and to the switch. Default: by a key, and by a password, each in a file. */
  readonly jumper?: object
  readonly operator?: object
  readonly env?: Readonly<Record<string, string>>
}

/** A project of one switch, leaf1, that is behind jump hosts. */
export async function benchBehind({
  hops,
  over,
  workflow,
  host,
  at,
  config = '',
  env,
  ...given
}: Behind): Promise<SocketLab> {
  const { clock, jumper, operator } = given
  const bench = await openLab({
    world: 'sockets',
    switches: {
      config: BOOT.replace('vlan 10\n', () => `${config}vlan 10\n`),
      eos: '4.32.2F',
      name: 'leaf1',
      password: 'invented-5Qd',
      ...(host === undefined ? {} : { host }),
      ...(clock === undefined ? {} : { clock }),
    },
    files: { 'workflow.yaml': workflow },
    ...(env === undefined ? {} : { env }),
  })
  const { username, password, https, ssh } = bench.device('leaf1')
  bench.write('ca.pem', bench.fabric.ca)
  const [secret, key] = ['password', 'key'].map((name) => join(bench.dir, `${name}.secret`)) as [string, string]
  writeFileSync(secret, password, { mode: 0o600 })
  writeFileSync(key, SSH_USER.key.private, { mode: 0o600 })
  const leaf1 =
    over === 'eapi'
      ? { host: at ?? https.host, port: https.port, tls: { ca: 'ca.pem' } }
      : { host: at ?? ssh.host, port: ssh.port, transport: 'ssh', ssh: { hostKey: ssh.hostKey } }
  bench.write(
    'inventory.yaml',
    JSON.stringify({
      defaults: { credentials: 'operator', via: hops.map(({ hop }) => hop.name) },
      credentials: {
        operator: operator ?? { username, password: `\${file:${secret}}` },
        jumper: jumper ?? { username: SSH_USER.username, key: `\${file:${key}}` },
      },
      jumps: Object.fromEntries(
        hops.map(({ hop: { name, host: where, port, hostKey } }) => [
          name,
          {
            host: where,
            port,
            credentials: 'jumper',
            ssh: { hostKey: hostKey.mode === 'pin' ? hostKey.fingerprint : 'strict' },
          },
        ]),
      ),
      devices: { leaf1: { ...leaf1, tags: { mlag: 'leaf1' } } },
    }),
  )
  return bench
}
