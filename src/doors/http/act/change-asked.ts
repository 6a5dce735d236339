import { posix } from 'node:path'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { type PreparedChange, prepare } from '../../../change/plan/prepare.ts'
import { type DeclaredParams, type GivenParams, isReadAsYaml } from '../../../change/workflow/param/read.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { givenJson } from '../../../model/given-json.ts'
import type { Scope } from '../../../model/principal.ts'
import { problemOf } from '../../../model/problem.ts'
import { decided, requireAllowed } from '../../../project/access/policy/authority.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { loadWorkflow } from '../../../project/files/load-workflow.ts'
import { paramsWithSecret } from '../../../project/files/params-with-secret.ts'
import type { Project } from '../../../project/files/project.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import { InputError, orProblems } from '../../../project/system/process/input-error.ts'
import { locatedNowhere } from '../../../text/source/located.ts'
import type { ActInput, RequestParams } from '../request/act-input.ts'
import { notThere } from '../request/not-there.ts'
import { askAnew } from './ask-anew.ts'

/** Throws InputError, what they throw, and `not-authorised` for whoever may not do `needs` with this file on any switch: they are told nothing of what is in the project. */
export async function changeAsked(
  app: RecordApp,
  caller: Caller,
  needs: Scope,
  { workflow, params, targets }: ActInput<'plan'>,
): Promise<PreparedChange> {
  const { project } = app
  const mayOn = ({ name }: InventoryDevice) =>
    decided(app, caller, needs, { workflow, devices: [name] }).ground !== 'no-rule'
  if (!project.inventory().devices.some(mayOn)) await requireAllowed(app, caller, needs, { workflow })
  if (!mayBeWorkflow(project, workflow)) throw notThere('workflow')
  await askAnew(app, caller)
  const asked = loadWorkflow(project, workflow)
  const given = givenParams(params, asked.params)
  const secret = paramsWithSecret(app, given)
  if (secret.length > 0) throw new InputError(secret.map(secretInParam))
  return orProblems(
    prepare({
      workflow: asked,
      given,
      inventory: project.inventory(),
      ...definedMembers({ only: targets }),
      files: project.files,
    }),
  )
}

function mayBeWorkflow({ settings }: Project, path: string) {
  const isHidden = path.split(/[/\\]/).some((part) => part.startsWith('.'))
  const others = ['eosflow.yaml', settings.inventory, settings.policy].map((one) => posix.normalize(one))
  return /\.ya?ml$/.test(path) && !isHidden && !others.includes(posix.normalize(path))
}

// All texts of a request that are read as YAML have together at most so many characters: YAML costs the engine some 10 µs for each, JSON next
// to nothing.
const LONGEST_YAML = 4_096
const SHORT = 512

// A text is read as behind `-p`, so that a form can give a number; any other value as in a file of `--params`. Throws InputError.
function givenParams(params: RequestParams, declared: DeclaredParams['params']): GivenParams {
  let left = LONGEST_YAML
  const long: string[] = []
  const entries = Object.entries(params).map(([name, value]) => {
    if (typeof value !== 'string') return [name, locatedNowhere(value, `params.${name}`)] as const
    const param = Object.hasOwn(declared, name) ? declared[name] : undefined
    if (param === undefined || !isReadAsYaml(value, param)) return [name, value] as const
    const json = value.length > SHORT ? jsonIn(value) : undefined
    if (json !== undefined) return [name, locatedNowhere(json, `params.${name}`)] as const
    left -= value.length
    if (left < 0) long.push(name)
    return [name, value] as const
  })
  if (long.length > 0) throw new InputError(long.map(tooLongForYaml))
  return Object.fromEntries(entries)
}

function jsonIn(text: string) {
  try {
    return givenJson(text)
  } catch {
    return undefined
  }
}

function tooLongForYaml(name: string) {
  return problemOf(
    `params.${name}`,
    'invalid-value',
    `the parameter \`${name}\` is too long for a text: all that are no plain text have at most ${LONGEST_YAML} characters together`,
    'Give a list as a list of JSON.',
  )
}

function secretInParam(name: string) {
  return problemOf(
    `params.${name}`,
    'secret-parameter',
    `the parameter \`${name}\` holds a secret of this project`,
    'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.',
  )
}
