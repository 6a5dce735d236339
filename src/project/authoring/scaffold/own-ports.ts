import { createHash } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { isFreePort } from '../../../eos/transport/connection/free-port.ts'
import { portsFrom } from '../../../report/new-project/inventory.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'

/** Below 32768, from where Linux takes a port for a connection that names none (ip_local_port_range). */
const FIRST = 10_000
const BLOCKS = 1_100
/** So many numbers further the next block begins. */
const APART = 20

/**
 * The ports of loopback for the simulated switches of a project in this folder: those that its inventory has, else the first free ones from a place
 * that the folder's name gives, so that two projects that are made at once have different ones.
 */
export async function ownPorts(dir: string): Promise<Readonly<Record<string, number>>> {
  const there = writtenPorts(`${dir}/inventory.yaml`)
  if (there !== undefined) return there
  const from = createHash('sha256')
    .update(existsSync(dir) ? realpathSync(dir) : dir)
    .digest()
    .readUInt32BE()
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const ports = portsFrom(FIRST + ((from + tried) % BLOCKS) * APART)
    if (await areFree(Object.values(ports))) return ports
  }
  return portsFrom(FIRST)
}

/** The ports of an inventory that init has written; undefined where there is none. */
function writtenPorts(file: string): Readonly<Record<string, number>> | undefined {
  if (!existsSync(file)) return undefined
  const rows = readRegularText(file).matchAll(/^ {2}(\w+): \{ host: 127\.0\.0\.1, port: (\d+), /gm)
  return Object.fromEntries([...rows].map(([, name = '', port]) => [name, Number(port)]))
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  const free = await Promise.all(ports.map(isFreePort))
  return free.every(Boolean)
}
