import { givenJson } from './given-json.ts'
import { isJsonObject, type Json } from './json.ts'

/** The path at which a simulated switch says whose it is, without a login: real switches have nothing there, and no client asks for it. */
export const SIMULATOR_PATH = '/eosflow-simulator'

/** Whose a simulated switch is. */
export interface SimulatorIdentity {
  /** The name of the switch in its fabric. */
  readonly device: string
  readonly fabric: string
  /** The folder of the project in which it was started; null outside of one. */
  readonly project: string | null
  readonly pid: number
}

/** One line that says whose a simulated switch is. */
export function simulatorText({ device, fabric, project, pid }: SimulatorIdentity): string {
  return JSON.stringify({ simulator: 'eosflow', device, fabric, project, pid })
}

/** What {@link simulatorText} has written, wherever it stands in an answer; undefined where nobody says it. */
export function readSimulator(answer: string): SimulatorIdentity | undefined {
  const line = answer.split('\n').find((one) => one.startsWith('{"simulator":"eosflow",'))
  const said = line === undefined ? undefined : parsed(line)
  if (!isJsonObject(said)) return undefined
  const { device, fabric, project, pid } = said
  if (typeof device !== 'string' || typeof fabric !== 'string' || typeof pid !== 'number') return undefined
  return typeof project === 'string' || project === null ? { device, fabric, project, pid } : undefined
}

function parsed(line: string): Json | undefined {
  try {
    return givenJson(line)
  } catch {
    return undefined
  }
}
