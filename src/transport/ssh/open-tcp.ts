import { connect, type Socket } from 'node:net'
import type { SshTarget } from '../../device/transport.ts'
import { EosflowError } from '../../model/error.ts'
import { mendOf, reasonOf } from '../reason-of.ts'

/** A connected socket to a switch. Throws `unreachable`. */
export function openTcp(target: SshTarget, milliseconds: number, noDelay = true): Promise<Socket> {
  const { host, port } = target
  return new Promise((resolve, reject) => {
    // Without TCP_NODELAY each small packet waits for the acknowledgement of the last one, up to 40 ms.
    const socket = connect({ host, port, noDelay })
    const settle = (failure: EosflowError | undefined): void => {
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
    const failed = (error: Error): void => settle(noShell(target, reasonOf(error), mendOf(error, CHECK)))
    const late = (): void => settle(noShell(target, `no connection within ${milliseconds / 1000} s`))
    const timer = setTimeout(late, milliseconds)
    socket.once('error', failed)
    socket.once('connect', () => settle(undefined))
  })
}

const CHECK = 'Check the address, the route, and that SSH is enabled there (show management ssh).'

/** There is no shell: nothing was sent, and it may be tried again. */
export function noShell({ name, host, port }: SshTarget, reason: string, hint = CHECK): EosflowError {
  return new EosflowError('unreachable', `${name}: no shell at ${host} port ${port}: ${reason}`, {
    device: name,
    retryable: true,
    hint,
  })
}
