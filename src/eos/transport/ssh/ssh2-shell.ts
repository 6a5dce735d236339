import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { SocketMeter } from '../../device/meter.ts'
import { abandon } from '../connection/abandon.ts'
import type { JudgeAnswerer, Way } from '../connection/answerer.ts'
import { meteredRequest } from '../connection/metered-device.ts'
import { closedBy, loggedIn, loginFailure, type SshLogin } from './log-in.ts'
import { openTcp } from './open-tcp.ts'
import type { ShellChannel } from './terminal.ts'

export interface ShellLogin extends SshLogin {
  /** Whether small packets are sent at once (TCP_NODELAY); false only to measure what that saves. */
  readonly noDelay?: boolean
  readonly meter?: SocketMeter
  readonly way?: Way
  readonly judge?: JudgeAnswerer
}

// Wide enough that no command is wrapped before `terminal width` is set.
const WINDOW = { term: 'vt100', cols: 511, rows: 1000 }

/**
 * Connects, judges the host key, logs in and opens a shell with a terminal. Throws `unreachable` when there is no
 * connection, `tls` when the host key is refused or no cipher is common, and `unauthenticated`.
 */
export async function ssh2Shell(login: ShellLogin): Promise<ShellChannel> {
  const meter = login.meter?.connect()
  try {
    const { target, connectMilliseconds, noDelay, way, judge } = login
    const socket = await (way?.open(target) ??
      openTcp(target, connectMilliseconds, { ...definedMembers({ noDelay }), judge }))
    meter?.reached('login')
    const channel = await shellOver(socket, login)
    meter?.ended('ok')
    return channel
  } catch (thrown) {
    meter?.ended(thrown instanceof EosflowError ? thrown.kind : 'bug')
    throw thrown
  }
}

async function shellOver(socket: Duplex, login: ShellLogin): Promise<ShellChannel> {
  const client = await loggedIn(login, socket)
  try {
    return channelOver(client, await shellOf(client, login), socket, login.meter)
  } catch (thrown) {
    client.on('error', () => undefined)
    client.destroy()
    throw loginFailure(login, thrown)
  }
}

function shellOf(client: Client, login: ShellLogin) {
  const { connectMilliseconds: milliseconds } = login
  return new Promise<ClientChannel>((resolve, reject) => {
    const late = () => reject(new Error(`no shell within ${milliseconds / 1000} s`))
    const timer = setTimeout(late, milliseconds)
    client.once('close', () => {
      clearTimeout(timer)
      reject(closedBy(login))
    })
    client.shell(WINDOW, (error, channel) => {
      clearTimeout(timer)
      if (error === undefined) resolve(channel)
      else reject(error)
    })
  })
}

function channelOver(
  client: Client,
  channel: ClientChannel,
  socket: Duplex,
  meter: SocketMeter | undefined,
): ShellChannel {
  let reason = 'the switch closed the connection'
  client.on('error', (error) => {
    reason = error.message
  })
  channel.on('error', () => undefined)
  return {
    write: (text) => {
      if (channel.writable) channel.write(text)
    },
    listen: ({ heard, closed }) => {
      channel.on('data', heard)
      channel.stderr.on('data', heard)
      channel.once('close', () => {
        closed(reason)
        client.end()
      })
      client.once('close', () => closed(reason))
    },
    close: (way) => {
      if (way === 'given-up') return abandon(socket)
      client.end()
      // ssh2 leaves a socket that it has ended to the other end to close: until then it is a file of this process.
      socket.destroy()
    },
    measure: () => meteredRequest(meter),
  }
}
