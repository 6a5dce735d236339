import { EosflowError } from '../../../model/error.ts'
import { type AskFence, sendUnder } from '../../../model/fence.ts'
import { clientCertificateRefused, SWITCH_MENDS } from './open-socket.ts'

export interface EapiChannel {
  /** Throws EosflowError: `unreachable` when nothing of the request can have arrived, `lost-answer` when something was sent and no complete answer came, `unauthenticated`, `tls`, or `protocol` when what answers is not eAPI. Never sends anything twice. */
  post(body: string, fence: AskFence | undefined): Promise<string>
  close(): void
}

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

export type Exchange = (body: string) => Promise<HttpAnswer>

/** The same over a connection that takes time to be ready: the fence is asked for then, and judged in the line before bytes leave. */
export type FencedExchange = (body: string, fence: AskFence | undefined) => Promise<HttpAnswer>

/** A channel over anything that exchanges HTTP requests at once: a switch in memory. */
export function channelOver(exchange: Exchange, username: string, close?: () => void): EapiChannel {
  const fenced: FencedExchange = async (body, ask) => {
    const send = () => exchange(body)
    return ask === undefined ? send() : sendUnder(ask, send)
  }
  return fencedChannel(fenced, username, close)
}

export function fencedChannel(
  exchange: FencedExchange,
  username: string,
  close: () => void = () => undefined,
): EapiChannel {
  let closed = false
  return {
    post: async (body, fence) => {
      if (closed) throw new EosflowError('bug', 'a request on a closed connection')
      const { status, body: answer } = await exchange(body, fence)
      const failure = certificateFailure(status, answer) ?? statusFailure(status, username, answer)
      if (failure !== undefined) throw failure
      return answer
    },
    close: () => {
      closed = true
      close()
    },
  }
}

function certificateFailure(status: number, body: string) {
  const said =
    status === 400 ? /No required SSL certificate was sent|The SSL certificate error/.exec(body)?.[0] : undefined
  return said === undefined ? undefined : clientCertificateRefused(said, SWITCH_MENDS['wants-certificate'])
}

// What an HTTP status other than 200 means (docs/eos.md 1.1).
function statusFailure(status: number, username: string, body: string) {
  if (status === 200) return undefined
  if (status === 401 || status === 403) {
    return new EosflowError('unauthenticated', `the switch refused the user ${username} (HTTP ${status})`, {
      hint: 'Check the credentials of this switch in the inventory.',
      cause: body.split('\n', 1)[0]?.slice(0, 200),
    })
  }
  if (status >= 500) {
    return new EosflowError('lost-answer', `the switch's web server answered in place of eAPI (HTTP ${status})`, {
      hint: 'What the switch did is unknown until it is asked: read its config sessions before anything else.',
    })
  }
  const what = status >= 300 && status < 400 ? 'a redirect, which is not followed' : 'not an answer of eAPI'
  return new EosflowError('protocol', `HTTP ${status}: ${what}`, {
    hint: 'Check that this address and port are the eAPI of a switch (show management api http-commands).',
  })
}
