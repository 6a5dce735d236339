import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { EosflowError } from '../../model/error.ts'
import { hinted } from '../hinted.ts'
import type { Worded } from '../host.ts'
import type { Project } from '../project.ts'
import { PRIVATE, writeUnlinked } from '../unlinked-file.ts'

/** Where the control port of a running simulator is. */
export interface ControlAddress {
  readonly host: string
  readonly port: number
}

/** What a project notes about its running simulator. */
export interface SimulatorNote {
  /** The file of the authority that HTTPS is trusted by. */
  readonly caFile: string
  /** Takes the notes away again, unless another simulator has made its own. */
  forget(): void
}

/** Notes in the project where its simulator is controlled, and the authority (PEM) behind its HTTPS. `pid` is its process. */
export function rememberSimulator(
  { dir }: Pick<Project, 'dir'>,
  control: ControlAddress,
  ca: string,
  pid: number,
): SimulatorNote {
  const file = noteIn(dir)
  const caFile = join(dirname(file), 'sim-ca.pem')
  const note = `${JSON.stringify({ version: 1, pid, control })}\n`
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeUnlinked(file, note, PRIVATE)
  writeUnlinked(caFile, ca, PRIVATE)
  return {
    caFile,
    forget: () => {
      if (readNote(file) === note) rmSync(file, { force: true })
      if (readNote(caFile) === ca) rmSync(caFile, { force: true })
    },
  }
}

/** Where the simulator that a project started is controlled. Throws `unreachable` where none runs. */
export function controlOf(app: Worded, project: Pick<Project, 'dir'> | undefined): ControlAddress {
  const note = project === undefined ? undefined : readNote(noteIn(project.dir))
  if (note !== undefined) return (JSON.parse(note) as { readonly control: ControlAddress }).control
  throw new EosflowError('unreachable', 'no simulator of this project is running', {
    ...hinted(app, { code: 'start-or-name-simulator' }),
  })
}

/** Asks the control port. Throws `unreachable` when nobody answers, `refused` with what it said, `protocol`. */
export async function askControl(
  app: Worded,
  { host, port }: ControlAddress,
  method: 'GET' | 'POST',
  path: string,
  body?: string,
): Promise<unknown> {
  const address = `${host}:${port}`
  const response = await fetch(`http://${address}${path}`, { method, ...(body === undefined ? {} : { body }) }).catch(
    (cause: unknown) => {
      throw new EosflowError('unreachable', `no simulator answers at ${address}`, {
        ...hinted(app, { code: 'start-simulator' }),
        cause,
      })
    },
  )
  const answer = (await response.json().catch(() => undefined)) as { readonly error?: string } | undefined
  if (answer === undefined) throw new EosflowError('protocol', `what answers at ${address} is no simulator`)
  if (!response.ok) throw new EosflowError('refused', answer.error ?? `the simulator answered ${response.status}`)
  return answer
}

function noteIn(dir: string): string {
  return join(dir, '.eosflow', 'sim.json')
}

function readNote(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
