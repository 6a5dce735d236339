import { type PreparedChange, prepare } from '../../change/plan/prepare.ts'
import type { Schedule } from '../../change/schedule/schedule.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { Json } from '../../model/json.ts'
import { problemOf } from '../../model/problem.ts'
import type { ActSubject } from '../../project/access/policy/authority.ts'
import { aboutChange } from '../../project/access/policy/entry.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { loadWorkflow } from '../../project/files/load-workflow.ts'
import { paramsWithSecret } from '../../project/files/params-with-secret.ts'
import { chosenDevices } from '../../project/switches/inventory/chosen-devices.ts'
import { InputError, orProblems } from '../../project/system/process/input-error.ts'
import { locatedNowhere } from '../../text/source/located.ts'

/** Throws InputError. */
export function scheduledChange(app: RecordApp, { name, workflow = '', params, targets }: Schedule): PreparedChange {
  const { project } = app
  const given = Object.fromEntries(
    Object.entries(params).map(([key, value]) => {
      return [key, typeof value === 'string' ? value : locatedNowhere(value as Json, `params.${key}`)] as const
    }),
  )
  const secret = paramsWithSecret(app, given)
  if (secret.length > 0) {
    const message = `a parameter of the schedule ${name} holds a secret of this project: ${secret.join(', ')}`
    const hint = 'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.'
    throw new InputError([problemOf('eosflow.yaml', 'secret-parameter', message, hint)])
  }
  return orProblems(
    prepare({
      workflow: loadWorkflow(project, workflow),
      given,
      inventory: project.inventory(),
      files: project.files,
      ...definedMembers({ only: targets }),
    }),
  )
}

/** Throws InputError for a bad inventory. */
export function aboutSchedule(app: RecordApp, schedule: Schedule): ActSubject {
  const { workflow, on, after, does } = schedule
  if (after !== undefined) {
    const known = new Set(app.project.inventory().devices.map(({ name }) => name))
    return { devices: after.devices.filter((name) => known.has(name)) }
  }
  const all = (): ActSubject => ({ devices: app.project.inventory().devices.map(({ name }) => name) })
  try {
    if (workflow !== undefined && does !== 'comply') return aboutChange(scheduledChange(app, schedule))
    const devices = chosenDevices(app.project.inventory(), on).map(({ name }) => name)
    return workflow === undefined ? { devices } : { devices, workflow }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return workflow === undefined ? all() : { ...all(), workflow }
  }
}
