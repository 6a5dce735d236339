import { type ControlAddress, controlOf } from '../../../lab/simulator/control.ts'
import { findProject } from '../../../project/files/project.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import type { Invocation } from '../terminal/io.ts'

/** The control port of `--control HOST:PORT`, else of the simulator that this project started. Throws InputError, `unreachable`. */
export async function controlAddress({ io, options, global }: Invocation): Promise<ControlAddress> {
  return typeof options.control === 'string' ? addressIn(options.control) : controlOf(io, findProject(io, global))
}

function addressIn(typed: string): ControlAddress {
  const [, host = '', port = ''] = /^(?:\[?([^[\]]+)\]?:)?(\d{1,5})$/.exec(typed) ?? []
  if (port !== '') return { host: host === '' ? '127.0.0.1' : host, port: Number(port) }
  throw inputError(
    '--control',
    'bad-address',
    `\`${typed}\` is no HOST:PORT`,
    'eosflow sim start prints its control port.',
  )
}
