import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { scopes } from '../../../model/principal.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import type { App } from '../../../project/app/app.ts'
import type { Perform } from '../context/act-context.ts'

/** Puts a denial on record that the front has come to: decided once more here, so that nothing else can be put there. */
export const refuse: Perform<'refuse'> = async ({ app, denials }, caller, { needs, leftOut = 0, ...about }) => {
  const scope = scopes.find((one) => one === needs)
  if (scope === undefined) throw new EosflowError('bug', `there is no scope ${needs}`)
  const counted: App = {
    ...app,
    denials: { put: (denial) => denials.put(denial, leftOut), close: () => denials.close() },
  }
  await requireAllowed(counted, caller, scope, {
    ...definedMembers({ devices: about.devices, workflow: about.workflow, plan: about.plan }),
  }).catch((error: unknown) => {
    if (!(error instanceof EosflowError) || !['not-authorised', 'window-closed'].includes(error.kind)) throw error
  })
  return {}
}
