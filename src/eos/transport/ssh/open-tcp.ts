import { connect, type Socket } from 'node:net'
import { EosflowError } from '../../../model/error.ts'
import type { JudgeAnswerer } from '../connection/answerer.ts'
import { mendOf, reasonOf } from '../connection/reason-of.ts'
import { type SshHost, wordsOf } from './known-hosts.ts'

interface TcpOptions {
  readonly noDelay?: boolean
  readonly judge?: JudgeAnswerer | undefined
}

/** Throws `unreachable`, and what `judge` throws. */
export function openTcp(
  target: SshHost,
  milliseconds: number,
  { noDelay = true, judge }: TcpOptions = {},
): Promise<Socket> {
  const { host, port } = target
  return new Promise((resolve, reject) => {
    // Without TCP_NODELAY each small packet waits for the acknowledgement of the last one, up to 40 ms.
    const socket = connect({ host, port, noDelay })
    const settle = (failure: EosflowError | undefined) => {
      clearTimeout(timer)
      socket.removeListener('error', failed)
      if (failure === undefined) {
        resolve(socket)
        return
      }
      socket.on('error', () => undefined)
      socket.destroy()
      reject(failure)
    }
    const failed = (error: Error) => settle(noShell(target, reasonOf(error), mendOf(error, wordsOf(target).reach)))
    const late = () => settle(noShell(target, `no connection within ${milliseconds / 1000} s`))
    const timer = setTimeout(late, milliseconds)
    socket.once('error', failed)
    socket.once('connect', () => {
      if (judge === undefined) settle(undefined)
      else judge({ host, port, secure: false }).then(() => settle(undefined), settle)
    })
  })
}

export function noShell(target: SshHost, reason: string, hint = wordsOf(target).reach): EosflowError {
  const { name, host, port } = target
  return new EosflowError('unreachable', `${name}: no ${wordsOf(target).gives} at ${host} port ${port}: ${reason}`, {
    device: name,
    retryable: true,
    hint,
  })
}
