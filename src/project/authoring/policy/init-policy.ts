import { lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TwoPeople, twoPeoplePolicy } from '../../../report/policy/two-people.ts'
import type { Project } from '../../files/project.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { replaceFile, requireUnlinkedFile } from '../../system/process/replace-file.ts'
import { requireName } from './add-signer.ts'
import { type TriedPolicy, tryPolicy } from './try-policy.ts'

export interface PolicyRequest extends TwoPeople {
  readonly replace: boolean
}

/** Writes a policy for two people into a project, once its own tests have passed: all of it or none. Throws InputError, also for a policy that is there. */
export function initPolicy(host: WordedHost, project: Project, { lead, replace }: PolicyRequest): TriedPolicy {
  const file = project.settings.policy
  const path = join(project.dir, file)
  requireUnlinkedFile(dirname(path), dirname(file))
  requireUnlinkedFile(path, file)
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined
  if (isThere && !replace) {
    const hint = `To have another one in its place, which changes who may do what: add --replace. Nothing was written.`
    throw inputError(file, 'policy-there', 'there is a policy here already', hint)
  }
  const text = twoPeoplePolicy({ lead: lead === undefined ? undefined : requireName(lead) })
  const tried = tryPolicy(host, project, { [file]: text })
  if (tried === undefined) throw new Error('a policy that is given was not tried')
  replaceFile(path, file, text, isThere ? readRegularText(path, { noLink: true }) : '')
  return tried
}
