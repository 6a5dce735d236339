import { createHash } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { isFreePort } from '../../../eos/transport/connection/free-port.ts'
import { codeOf } from '../../../model/error.ts'
import { portsFrom } from '../../../report/new-project/inventory.ts'
import type { ProjectFiles } from '../../../report/new-project/text.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import { inputError } from '../../system/process/input-error.ts'
import { projectFiles } from './project-files.ts'
import { writeFiles } from './write-files.ts'

// Below 32768, from where Linux takes a port for a connection that names none (ip_local_port_range).
const FIRST = 10_000
const BLOCKS = 1_100
const APART = 20

// The ports of loopback for the simulated switches of a project in this folder: those that its inventory has, else the first free ones from a
// place that the folder's name gives, so that two projects that are made at once have different ones.
async function ownPorts(dir: string) {
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

function writtenPorts(file: string): Readonly<Record<string, number>> | undefined {
  if (!existsSync(file)) return undefined
  const rows = readRegularText(file).matchAll(/^ {2}(\w+): \{ host: 127\.0\.0\.1, port: (\d+), /gm)
  return Object.fromEntries([...rows].map(([, name = '', port]) => [name, Number(port)]))
}

async function areFree(ports: readonly number[]) {
  const free = await Promise.all(ports.map(isFreePort))
  return free.every(Boolean)
}

const NAMING = ['eosflow.yaml', 'inventory.yaml']

// Throws InputError where files would be added to a project of somebody's own: its switches are not those of the fabric, and it would be valid
// no more.
function refuseOwnProject(dir: string, files: ReturnType<typeof projectFiles>) {
  if ([...files.keys()].every((path) => existsSync(join(dir, path)))) return
  const own = NAMING.find((path) => existsSync(join(dir, path)) && readRegularText(join(dir, path)) !== files.get(path))
  if (own === undefined) return
  throw inputError(
    own,
    'project-present',
    'there is a project already, and init adds its simulated switches to none',
    'Check what is there: eosflow validate. A new project beside it: eosflow init my-network',
  )
}

/** `typed` is its name in what is said. Throws InputError. */
export async function newProject(dir: string, typed: string): Promise<ProjectFiles> {
  const files = projectFiles(await ownPorts(dir))
  refuseOwnProject(dir, files)
  try {
    return await writeFiles(dir, files)
  } catch (error) {
    const code = codeOf(error, '')
    if (code === '') throw error
    throw inputError(
      typed,
      'no-such-folder',
      `a project cannot be written here (${code})`,
      'Name a folder that is yours to write, or one that is not there yet.',
    )
  }
}
