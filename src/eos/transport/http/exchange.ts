import { type IncomingMessage, request as open } from 'node:http'
import type { Socket } from 'node:net'
import { EosflowError } from '../../../model/error.ts'
import { type HttpAnswer, type HttpRequest, isRead } from '../../../model/http-port.ts'
import { reasonOf } from '../connection/reason-of.ts'

const LONGEST_ANSWER = 8 * 2 ** 20

export interface WireRequest extends HttpRequest {
  readonly target: string
}

/** An answer has at most `longest` bytes. Throws `lost-answer`, `protocol`, or `cancelled` when a read is given up. */
export function exchange(
  socket: Socket,
  wire: WireRequest,
  signal: AbortSignal,
  longest: number = LONGEST_ANSWER,
): Promise<HttpAnswer> {
  const { method, target, headers, body, milliseconds, name } = wire
  return new Promise<HttpAnswer>((resolve, reject) => {
    const request = open({ createConnection: () => socket, method, path: target, headers, setHost: false })
    const over = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      request.destroy()
    }
    const fail = (thrown: Error) => {
      over()
      reject(thrown instanceof EosflowError ? thrown : lostAnswer(wire, reasonOf(thrown)))
    }
    const stop = () => {
      if (isRead(wire)) fail(new EosflowError('cancelled', `${name}: stopped`))
    }
    const timer = setTimeout(
      () => fail(lostAnswer(wire, `no complete answer within ${milliseconds / 1000} s`)),
      milliseconds,
    )
    signal.addEventListener('abort', stop)
    request.on('error', fail)
    request.once('close', () => fail(lostAnswer(wire, 'the connection was closed')))
    request.once('response', (response) => {
      wholeBody(response, wire, longest).then((answer) => {
        over()
        resolve(answer)
      }, fail)
    })
    request.end(body)
  })
}

async function wholeBody(response: IncomingMessage, wire: WireRequest, longest: number): Promise<HttpAnswer> {
  const encoding = response.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity')
    throw badAnswer(wire, `the answer is encoded as ${JSON.stringify(encoding)}, which was not asked for`)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > longest) throw badAnswer(wire, `the answer is longer than ${longest / 2 ** 20} MiB`)
    chunks.push(chunk)
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')])
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) }
}

function lostAnswer(wire: WireRequest, reason: string) {
  const { name } = wire
  const message = `${name}: the request was sent, and its answer did not arrive: ${reason}`
  const onlyRead = isRead(wire)
  return new EosflowError('lost-answer', message, {
    retryable: onlyRead,
    fault: { name: 'States.Http.Socket', cause: message },
    ...(onlyRead ? {} : { hint: 'Whether the service did it is unknown: ask the service before it is sent again.' }),
  })
}

function badAnswer({ name }: WireRequest, reason: string) {
  return new EosflowError('protocol', `${name}: ${reason}`)
}
