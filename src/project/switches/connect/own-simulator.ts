import { realpathSync } from 'node:fs'
import type { Inventory } from '../../../change/inventory/inventory.ts'
import { type AnsweringPort, type JudgeOf, simulatorsInTurn } from '../../../eos/transport/connection/answerer.ts'
import { EosflowError } from '../../../model/error.ts'
import { ownMember } from '../../../model/json.ts'
import type { SimulatorIdentity } from '../../../model/simulator.ts'
import { visibleLine } from '../../../report/text/text.ts'
import type { Project } from '../../files/project.ts'
import { hasStarted } from '../../system/machine/own-pid.ts'
import { portHolder } from '../../system/machine/port-holder.ts'

export function ownSimulatorOf({ dir }: Pick<Project, 'dir'>, { devices, credentials }: Inventory): JudgeOf {
  const simulated = new Set(
    devices.flatMap(({ name, credentials: user, readCredentials = user }) =>
      [user, readCredentials].some((one) => ownMember(credentials, one)?.simulated === true) ? [name] : [],
    ),
  )
  const askSimulator = simulatorsInTurn()
  return (device) => {
    if (!simulated.has(device)) return undefined
    return async (at) => {
      const answers = await askSimulator(at)
      if (answers === 'silent') throw silent(device, at)
      if (answers === undefined || answers.device !== device || !isOwn(answers, dir)) throw foreign(device, at, answers)
    }
  }
}

function isOwn({ project, pid }: SimulatorIdentity, dir: string) {
  if (project !== null) return project === realpathSync(dir)
  return hasStarted(pid)
}

function silent(device: string, { host, port }: AnsweringPort) {
  return new EosflowError('unreachable', `${device}: ${host} port ${port} says nothing`, {
    device,
    retryable: true,
  })
}

function foreign(device: string, { host, port }: AnsweringPort, answers: SimulatorIdentity | undefined) {
  const message = `${device}: what answers at ${host} port ${port} is ${holderText(answers)}, and not ${device} of this project's simulator`
  return new EosflowError('wrong-device', message, {
    device,
    hint: "Nothing was asked there. Give the switches of inventory.yaml ports that are free, or end that program; then start this project's simulator.",
  })
}

export function holderText(holder: SimulatorIdentity | undefined, port?: number): string {
  if (holder === undefined) {
    const found = port === undefined ? undefined : portHolder(port)
    return found === undefined ? 'another program' : `process ${found.pid} (${visibleLine(found.program)})`
  }
  const { device, fabric, project, pid } = holder
  return `${device} of the simulator ${project === null ? 'of no project' : `of the project ${project}`} (${fabric}, process ${pid})`
}
