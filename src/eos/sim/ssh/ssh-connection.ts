import type { Socket } from 'node:net'
import ssh2, { type Connection, type PseudoTtyInfo, type ServerChannel, type Session } from 'ssh2'
import { CliShell, type ShellLogin } from './cli-shell.ts'
import { bannerOf } from './greeting.ts'
import type { HostKey } from './host-key.ts'
import type { TerminalSize } from './pager.ts'
import { runExec } from './run-exec.ts'
import type { TerminalService } from './service.ts'
import { SshLogin } from './ssh-login.ts'

/** How the server of EOS calls itself. */
const IDENT = 'OpenSSH_8.8'
/** What a terminal without a size is taken to be. */
const DEFAULT_SIZE: TerminalSize = { width: 80, length: 24 }

/**
 * One SSH connection to a switch on an open socket: the login banner, the login, and then shells and single commands on
 * as many channels as the client opens. A connection that dies of a fault is reset.
 */
export function serveConnection(service: TerminalService, hostKey: HostKey, socket: Socket): void {
  const address = (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
  // ssh2 ends the text with a line break of its own
  const banner = bannerOf(service.device.running, 'login')?.replace(/\n$/, '').replaceAll('\n', '\r\n')
  const server = new ssh2.Server({
    hostKeys: [hostKey.private],
    ident: IDENT,
    // ssh2 throws where it writes to a client that is gone and had agreed to zlib, as asyncssh does by itself
    algorithms: { compress: ['none'] },
    ...(banner === undefined ? {} : { banner }),
  })
  const login = new SshLogin(service.device, address)
  server.on('connection', (connection: Connection) => {
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

function serveSession(
  service: TerminalService,
  login: Omit<ShellLogin, 'size'>,
  session: Session,
  reset: () => void,
): void {
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
    shell = openShell(service, { ...login, ...(size === undefined ? {} : { size }) }, channel, reset)
  })
  session.on('exec', (accept, _reject, { command }) => {
    const channel = accept()
    const write = (text: string): void => {
      channel.write(size === undefined ? text : text.replaceAll('\n', '\r\n'))
    }
    runExec(service, login, command, write).then(
      (status) => (status === 'lost' ? reset() : leave(channel, status)),
      () => reset(),
    )
  })
}

function openShell(service: TerminalService, login: ShellLogin, channel: ServerChannel, reset: () => void): CliShell {
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

function leave(channel: ServerChannel, status: number): void {
  if (channel.destroyed) return
  channel.exit(status)
  channel.end()
}

function sizeOf({ cols, rows }: Pick<PseudoTtyInfo, 'cols' | 'rows'>): TerminalSize {
  return { width: cols || DEFAULT_SIZE.width, length: rows || DEFAULT_SIZE.length }
}
