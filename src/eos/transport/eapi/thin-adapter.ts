import { type RequestOptions, request as send } from 'node:http'
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios'
import { EosflowError } from '../../../model/error.ts'
import { type AskFence, sendUnder } from '../../../model/fence.ts'
import type { MeterResult, RequestMeter, SocketMeter } from '../../device/meter.ts'
import { abandon } from '../connection/abandon.ts'
import { meteredRequest } from '../connection/metered-device.ts'
import { clientCertificateRefused, SWITCH_MENDS, wantsClientCertificate } from './tls-failure.ts'

/**
 * An axios adapter that does only what eAPI needs: one POST over one connection, with what is the same in every request
 * (`RequestOptions`) prepared once. It costs about half the client CPU of axios' own adapter, and it alone knows whether
 * a request had left when something went wrong: what fails before there is a socket comes from the agent and passes
 * through, what fails after is `lost-answer`. Under a fence nothing leaves before that is fresh. Redirects and proxy settings of the environment do not exist here.
 */
export const thinAdapter =
  (options: RequestOptions, line?: SocketMeter) =>
  (fence: AskFence | undefined): AxiosAdapter =>
  (config) =>
    new Promise<AxiosResponse>((resolve, reject) => {
      const request = send(options)
      let hasLeft = false
      const lost = (reason: string): EosflowError => (hasLeft ? lostAnswer(reason) : notSent(reason))
      let timer: NodeJS.Timeout | undefined
      let meter: RequestMeter | undefined
      const measured = (result: MeterResult): void => {
        meter?.ended(result)
        meter = undefined
      }
      const fail = (error: NodeJS.ErrnoException): void => {
        clearTimeout(timer)
        const failure = error instanceof EosflowError ? error : (unheard(error) ?? lost(error.message))
        measured(failure.kind)
        reject(failure)
        const { socket } = request
        // Behind what Node is doing now: where the end of a connection is what failed, it gives its parser back after this, and a socket that is
        // destroyed meanwhile gives it back, too. The next two connections of the process would share it.
        process.nextTick(() => {
          if (hasLeft && socket !== null) abandon(socket)
          request.destroy()
        })
      }
      request.once('socket', () => {
        const milliseconds = config.timeout ?? 0
        timer = setTimeout(() => fail(lost(`no complete answer within ${milliseconds / 1000} s`)), milliseconds)
        // Without a fence it is written as soon as there is a socket.
        if (hasLeft) meter = meteredRequest(line)
      })
      request.on('error', fail)
      request.once('response', (response) => {
        meter?.heard()
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          length += chunk.length
          if (length > (config.maxContentLength ?? 0)) fail(tooLong(config))
        })
        response.on('error', fail)
        response.on('close', () => {
          if (!response.complete) fail(lost('the connection broke off in the middle of the answer'))
        })
        response.once('end', () => {
          clearTimeout(timer)
          const { statusCode = 0, statusMessage = '' } = response
          meter?.heard()
          measured(statusCode === 200 ? 'ok' : 'status')
          const data = Buffer.concat(chunks).toString('utf8')
          resolve({ data, status: statusCode, statusText: statusMessage, headers: {}, config })
        })
      })
      const leave = (): void => {
        hasLeft = true
        if (fence !== undefined) meter = meteredRequest(line)
        request.end(config.data)
      }
      if (fence === undefined) leave()
      // With the socket there is nothing left to wait for: neither a connection, nor a handshake.
      else request.once('socket', () => void sendUnder(fence, leave).catch(fail))
    })

/** The server did not take part in the conversation at all, although the request is under way. */
function unheard({ code = '' }: NodeJS.ErrnoException): EosflowError | undefined {
  return wantsClientCertificate(code) ? clientCertificateRefused(code, SWITCH_MENDS['wants-certificate']) : undefined
}

function notSent(reason: string): EosflowError {
  return new EosflowError('unreachable', `the connection broke off before the request was sent: ${reason}`, {
    retryable: true,
  })
}

function lostAnswer(reason: string): EosflowError {
  return new EosflowError('lost-answer', `the request was sent, and its answer did not arrive: ${reason}`, {
    hint: 'What the switch did is unknown until it is asked: read its config sessions before anything else.',
  })
}

function tooLong({ maxContentLength = 0 }: InternalAxiosRequestConfig): EosflowError {
  return new EosflowError('protocol', `the answer is longer than ${Math.floor(maxContentLength / 2 ** 20)} MiB`)
}
