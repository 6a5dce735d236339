import type { App } from '../../app/app.ts'
import type { Asking } from '../../app/caller.ts'
import { InputError, orProblems } from '../../app/input-error.ts'
import { loadWorkflow } from '../../app/load-workflow.ts'
import { paramsWithSecret } from '../../app/params-with-secret.ts'
import { decided, requireAllowed } from '../../app/policy/authority.ts'
import type { Project } from '../../app/project.ts'
import type { InventoryDevice } from '../../inventory/inventory.ts'
import type { Scope } from '../../model/principal.ts'
import { problemOf } from '../../model/problem.ts'
import { type Prepared, prepare } from '../../plan/prepare.ts'
import { locatedNowhere } from '../../source/located.ts'
import type { GivenParams } from '../../workflow/param/read.ts'
import type { ActInput, RequestParams } from '../act-input.ts'
import { notThere } from '../not-there.ts'

/**
 * The change that a request names by a workflow's file, its parameters and its switches. Throws InputError, and `not-authorised` for whoever
 * may not do `needs` with this file on any switch: they are told nothing of what is in the project.
 */
export async function changeAsked(
  app: App,
  caller: Asking,
  needs: Scope,
  { workflow, params, targets }: ActInput<'plan'>,
): Promise<Prepared> {
  const { project } = app
  const mayOn = ({ name }: InventoryDevice): boolean =>
    decided(app, caller, needs, { workflow, devices: [name] }).ground !== 'no-rule'
  if (!project.inventory().devices.some(mayOn)) await requireAllowed(app, caller, needs, { workflow })
  if (!mayBeWorkflow(project, workflow)) throw notThere('workflow')
  const given = givenParams(params)
  const secret = paramsWithSecret(app, given)
  if (secret.length > 0) throw new InputError(secret.map(secretInParam))
  return orProblems(
    prepare({
      workflow: loadWorkflow(project, workflow),
      given,
      inventory: project.inventory(),
      ...(targets === undefined ? {} : { only: targets }),
      files: project.files,
    }),
  )
}

/**
 * Whether a file may be read as a workflow. What is wrong with a file is told by what is in it: of the keys of the store, of a hidden file and of
 * the settings nothing is told to whoever can ask.
 */
function mayBeWorkflow({ settings }: Project, path: string): boolean {
  const isHidden = path.split(/[/\\]/).some((part) => part.startsWith('.'))
  return /\.ya?ml$/.test(path) && !isHidden && !['eosflow.yaml', settings.inventory, settings.policy].includes(path)
}

/** A text is read as behind `-p`, so that a form can give a number; any other value as in a file of `--params`. */
function givenParams(params: RequestParams): GivenParams {
  const entries = Object.entries(params).map(([name, value]) => {
    return [name, typeof value === 'string' ? value : locatedNowhere(value, `params.${name}`)] as const
  })
  return Object.fromEntries(entries)
}

/** A parameter is on record, in the plan and in what approvers see. */
function secretInParam(name: string) {
  return problemOf(
    `params.${name}`,
    'secret-parameter',
    `the parameter \`${name}\` holds a secret of this project`,
    'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.',
  )
}
