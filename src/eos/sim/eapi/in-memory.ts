import { EosflowError } from '../../../model/error.ts'
import { textOf } from './answer-body.ts'
import type { EapiChannel } from './channel.ts'

export interface InMemoryAnswer {
  readonly status: number
  readonly body: string
}

export type InMemoryEapi = (body: string) => Promise<InMemoryAnswer>

/** The eAPI of a simulated switch without a socket, so that the same requests run under a virtual clock: one connection, made again when it has died. Logs in with the simulator's own credentials unless others are given. */
export function inMemoryEapi(
  channel: EapiChannel,
  credentials = channel.service.device.options.credentials,
): InMemoryEapi {
  const { name } = channel.service.device
  const encoded = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')
  let connected: number | undefined
  return async (body) => {
    const { device } = channel.service
    if (!channel.reachable || connected !== device.bootedAt) connected = undefined
    if (!channel.reachable || (connected === undefined && !device.takesLogins)) {
      throw new EosflowError('unreachable', 'the connection was refused', { device: name, retryable: true })
    }
    connected = device.bootedAt
    const exchange = await channel.exchange({
      method: 'POST',
      path: '/command-api',
      headers: { authorization: `Basic ${encoded}` },
      body,
      from: 'memory',
    })
    if (exchange === 'lost') {
      connected = undefined
      throw new EosflowError('lost-answer', 'the connection died without an answer', { device: name })
    }
    return { status: exchange.status, body: textOf(exchange.body) }
  }
}
