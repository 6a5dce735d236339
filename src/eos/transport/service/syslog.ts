import { createSocket } from 'node:dgram'
import { isIPv6, type Socket } from 'node:net'
import { EosflowError } from '../../../model/error.ts'
import { reasonOf } from '../connection/reason-of.ts'
import { openSocket } from '../eapi/open-socket.ts'

export interface SyslogReceiver {
  readonly name: string
  readonly protocol: 'udp' | 'tcp' | 'tls'
  readonly host: string
  readonly port: number
  /** The PEM text of the authority that its certificate is trusted by, instead of those of the system. */
  readonly ca?: string
}

/** Sends messages in order over one connection: octet-counted over TCP and TLS (RFC 6587, RFC 5425), a datagram each over UDP (RFC 5426). Syslog has no acknowledgement: over TCP and TLS the receiver has taken everything once it closes the connection that was ended here; over UDP nobody knows. */
export async function sendSyslog(
  receiver: SyslogReceiver,
  messages: readonly string[],
  milliseconds: number,
): Promise<void> {
  if (receiver.protocol === 'udp') return sendDatagrams(receiver, messages)
  const socket = await connected(receiver, milliseconds)
  await handOver(socket, messages.map(octetCounted).join(''), receiver, milliseconds)
}

const octetCounted = (message: string) => `${Buffer.byteLength(message)} ${message}`

async function connected({ name, protocol, host, port, ca }: SyslogReceiver, milliseconds: number) {
  const tls = ca === undefined ? { mode: 'system' as const } : { mode: 'ca' as const, file: '' }
  const endpoint = { name, host, port, protocol: protocol === 'tls' ? ('https' as const) : ('http' as const), tls }
  try {
    return await openSocket(
      ca === undefined ? endpoint : { ...endpoint, ca },
      milliseconds,
      new AbortController().signal,
    )
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    const hint =
      error.kind === 'tls' ? 'Name the authority of its certificate under ca:.' : 'Check address, route and port.'
    throw new EosflowError(error.kind, error.message, { retryable: true, hint })
  }
}

function handOver(socket: Socket, text: string, { name }: SyslogReceiver, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer)
      socket.destroy()
      reject(
        new EosflowError('lost-answer', `${name}: ${reason}`, { retryable: true, hint: 'It is sent again later.' }),
      )
    }
    const timer = setTimeout(
      () => fail(`it has not closed the connection within ${milliseconds / 1000} s`),
      milliseconds,
    )
    socket.on('error', (error) => fail(reasonOf(error)))
    socket.once('end', () => {
      if (!socket.writableFinished) {
        fail('it has closed the connection before it was sent everything')
        return
      }
      clearTimeout(timer)
      socket.destroy()
      resolve()
    })
    socket.resume()
    socket.end(text)
  })
}

async function sendDatagrams({ name, host, port }: SyslogReceiver, messages: readonly string[]) {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  const failed = new Promise<never>((_resolve, reject) => socket.on('error', reject))
  try {
    for (const message of messages) {
      const sent = new Promise<void>((resolve, reject) => {
        socket.send(message, port, host, (error) => (error === null ? resolve() : reject(error)))
      })
      await Promise.race([sent, failed])
    }
  } catch (error) {
    const reason = error instanceof Error ? reasonOf(error) : String(error)
    throw new EosflowError('unreachable', `${name}: no datagram to ${host} port ${port}: ${reason}`, {
      retryable: true,
    })
  } finally {
    socket.close()
  }
}
