import { createServer, type Socket } from 'node:net'
import type { AuthContext, ParsedKey, PseudoTtyInfo, ServerChannel, Session } from 'ssh2'
import ssh2 from 'ssh2'
import { definedMembers } from '../../../model/json.ts'
import { SIMULATOR_PATH } from '../../../model/simulator.ts'
import { authorizedKeys, keyUser, opensWithoutPassword, passwordUser } from '../auth/local-users.ts'
import { Cli } from '../cli/cli.ts'
import type { CliUser } from '../cli/command/session-verbs.ts'
import { bannerOf } from '../cli/exec/show-terminal.ts'
import { type LoopbackHost, SwitchListener } from '../listener/switch-listener.ts'
import type { Switch } from '../switch/switch.ts'
import { CliShell, printedReply, type ShellLogin } from './cli-shell.ts'
import type { HostKey } from './host-key.ts'
import { type NextStep, nextStep, type QuestionOutcome, runLine } from './next-step.ts'
import type { TerminalSize } from './pager.ts'
import type { TerminalService } from './service.ts'

const METHODS = ['publickey', 'password', 'keyboard-interactive'] as const
// How often a client may be wrong before it is sent away: the default of OpenSSH's server.
const TRIES = 6
const EMPTY = Buffer.alloc(0)

class SshLogin {
  readonly #device: Switch
  readonly #origin: string
  #failures = 0
  #user: CliUser | undefined

  constructor(device: Switch, address: string) {
    this.#device = device
    this.#origin = `ssh (${address})`
  }

  get user(): CliUser | undefined {
    return this.#user
  }

  get exhausted(): boolean {
    return this.#failures >= TRIES
  }

  answer(context: AuthContext): void {
    if (context.method === 'password') this.#accept(context, this.#byPassword(context.username, context.password))
    else if (context.method === 'keyboard-interactive') {
      context.prompt([{ prompt: 'Password: ', echo: false }], ([password = '']) => {
        this.#accept(context, this.#byPassword(context.username, password))
      })
    } else if (context.method === 'publickey') this.#byKey(context)
    else if (context.method === 'none' && opensWithoutPassword(this.#device, context.username)) {
      this.#accept(context, keyUser(this.#device, context.username, this.#origin))
    } else context.reject([...METHODS])
  }

  #byPassword(username: string, password: string) {
    return passwordUser(this.#device, { username, password }, this.#origin)
  }

  #byKey(context: Extract<AuthContext, { method: 'publickey' }>) {
    const { username, key, blob, signature, hashAlgo } = context
    const known = authorizedKeys(this.#device, username).flatMap((text) => publicKey(text) ?? [])
    const match = known.find((candidate) => candidate.getPublicSSH().equals(key.data))
    if (match !== undefined && (signature === undefined || blob === undefined)) context.accept()
    else {
      const proved = match !== undefined && match.verify(blob ?? '', signature ?? EMPTY, hashAlgo) === true
      this.#accept(context, proved ? keyUser(this.#device, username, this.#origin) : undefined)
    }
  }

  #accept(context: AuthContext, user: CliUser | undefined) {
    if (user === undefined) {
      this.#failures += 1
      context.reject([...METHODS])
    } else {
      this.#user = user
      context.accept()
    }
  }
}

function publicKey(text: string): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(text)
  if (parsed instanceof Error) return undefined
  return Array.isArray(parsed) ? parsed[0] : parsed
}

// How the server of EOS calls itself.
const IDENT = 'OpenSSH_8.8'
const DEFAULT_SIZE: TerminalSize = { width: 80, length: 24 }

// One SSH connection to a switch on an open socket: the login banner, the login, and then shells and single commands on as many channels as the client opens.
function serveConnection(service: TerminalService, hostKey: HostKey, socket: Socket) {
  const address = (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
  // ssh2 ends the text with a line break of its own
  const banner = bannerOf(service.device.running, 'login')?.replace(/\n$/, '').replaceAll('\n', '\r\n')
  const server = new ssh2.Server({
    hostKeys: [hostKey.private],
    ident: IDENT,
    // ssh2 throws where it writes to a client that is gone and had agreed to zlib, as asyncssh does by itself
    algorithms: { compress: ['none'] },
    ...definedMembers({ banner }),
  })
  const login = new SshLogin(service.device, address)
  server.on('connection', (connection) => {
    connection.on('error', () => socket.destroy())
    connection.on('authentication', (context) => {
      login.answer(context)
      if (login.exhausted) connection.end()
    })
    connection.on('session', (accept) => {
      const { user } = login
      if (user !== undefined) serveSession(service, { user, address }, accept(), () => socket.resetAndDestroy())
    })
  })
  server.injectSocket(socket)
}

function serveSession(service: TerminalService, login: Omit<ShellLogin, 'size'>, session: Session, reset: () => void) {
  let size: TerminalSize | undefined
  let shell: CliShell | undefined
  session.on('pty', (accept, _reject, info) => {
    size = sizeOf(info)
    accept?.()
  })
  session.on('window-change', (accept, _reject, info) => {
    shell?.resize(sizeOf(info))
    accept?.()
  })
  session.on('env', (accept) => accept?.())
  session.on('shell', (accept) => {
    const channel = accept()
    shell = openShell(service, { ...login, ...definedMembers({ size }) }, channel, reset)
  })
  session.on('exec', (accept, _reject, { command }) => {
    const channel = accept()
    const write = (text: string) => {
      channel.write(size === undefined ? text : text.replaceAll('\n', '\r\n'))
    }
    runExec(service, login, command, write).then(
      (status) => (status === 'lost' ? reset() : leave(channel, status)),
      () => reset(),
    )
  })
}

function openShell(service: TerminalService, login: ShellLogin, channel: ServerChannel, reset: () => void) {
  const shell = new CliShell(service, login, {
    write: (text) => channel.write(text),
    close: (how) => (how === 'lost' ? reset() : leave(channel, 0)),
  })
  channel.on('data', (bytes: Buffer) => shell.receive(bytes))
  channel.on('end', () => shell.end())
  channel.on('close', () => shell.close())
  channel.on('error', () => shell.close())
  shell.start()
  return shell
}

function leave(channel: ServerChannel, status: number) {
  if (channel.destroyed) return
  channel.exit(status)
  channel.end()
}

function sizeOf({ cols, rows }: Pick<PseudoTtyInfo, 'cols' | 'rows'>): TerminalSize {
  return { width: cols || DEFAULT_SIZE.width, length: rows || DEFAULT_SIZE.length }
}

type ExecStatus = 0 | 1 | 'lost'

async function runExec(
  service: TerminalService,
  { user, address }: Omit<ShellLogin, 'size'>,
  text: string,
  write: (text: string) => void,
): Promise<ExecStatus> {
  const cli = new Cli(service.device, { ...user, from: `ssh (${address})` }, service.commands)
  const rows = text.split(/\r?\n/)
  let plain = 0
  let status: 0 | 1 = 0
  while (rows.length > 0) {
    const step = answeredStep(nextStep(cli, rows.shift() ?? '', plain > 0), rows)
    plain = Math.max(0, plain - 1)
    if (step.kind === 'lines') {
      rows.unshift(...step.lines)
      plain = step.lines.length
    }
    if (step.kind === 'logout') break
    if (step.kind === 'prompt') write(step.says)
    if (step.kind !== 'run') continue
    const outcome = await runLine(cli, step.command, 'exec', service.clock)
    if (outcome === 'lost') return 'lost'
    if (!outcome.ok) status = 1
    cli.flush()
    write(printedReply(outcome, /\|\s*json\b/.test(step.command.cmd)))
  }
  cli.close()
  return status
}

function answeredStep(step: NextStep, rows: string[]): NextStep {
  if (step.kind !== 'ask') return step
  let answer: QuestionOutcome = 'more'
  while (answer === 'more' && rows.length > 0) answer = step.question.answer(rows.shift() ?? '')
  if (answer === 'more') answer = step.question.end('')
  return answer === 'nothing' || answer === 'more' ? { kind: 'prompt', says: '' } : { kind: 'run', command: answer }
}

export interface SshListenerOptions {
  readonly host?: LoopbackHost
  readonly port?: number
  readonly whose?: () => string
}

const ASKED = `GET ${SIMULATOR_PATH} `

/** The SSH listener of one switch, on loopback. While the switch cannot be reached over SSH the port is closed and connections are reset; afterwards it opens again on the same number. */
export function sshServer(
  service: TerminalService,
  hostKey: HostKey,
  { port = 0, whose, ...at }: SshListenerOptions = {},
): SwitchListener {
  const { device, clock } = service
  const sockets = new Set<Socket>()
  const accept = (socket: Socket) => {
    device.counters.connections += 1
    if (!device.takesLogins) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.once('data', (first) => {
      if (whose === undefined || !first.toString('latin1').startsWith(ASKED)) return
      device.counters.connections -= 1
      socket.end(`${whose()}\n`)
    })
    serveConnection(service, hostKey, socket)
  }
  return new SwitchListener({
    server: createServer({ noDelay: true }, accept),
    ...at,
    port,
    device,
    clock,
    watches: true,
    wanted: () => {
      device.settle()
      return device.sshReachable
    },
    cutAll: () => {
      for (const socket of sockets) socket.resetAndDestroy()
    },
  })
}
