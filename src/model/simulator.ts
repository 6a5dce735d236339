import { isJsonObject, readableJson } from './json.ts'

export const SIMULATOR_PATH = '/eosflow-simulator'

export interface SimulatorIdentity {
  readonly device: string
  readonly fabric: string
  /** The folder of the project in which it was started; null outside of one. */
  readonly project: string | null
  readonly pid: number
}

export function simulatorText({ device, fabric, project, pid }: SimulatorIdentity): string {
  return JSON.stringify({ simulator: 'eosflow', device, fabric, project, pid })
}

/** What {@link simulatorText} has written, wherever it stands in an answer; undefined where nobody says it. */
export function readSimulator(answer: string): SimulatorIdentity | undefined {
  const line = answer.split('\n').find((one) => one.startsWith('{"simulator":"eosflow",'))
  const said = line === undefined ? undefined : readableJson(line)
  if (!isJsonObject(said)) return undefined
  const { device, fabric, project, pid } = said
  if (typeof device !== 'string' || typeof fabric !== 'string' || typeof pid !== 'number') return undefined
  return typeof project === 'string' || project === null ? { device, fabric, project, pid } : undefined
}
