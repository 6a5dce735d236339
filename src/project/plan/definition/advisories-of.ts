import { parseAdvisories } from '../../../change/plan/advisories.ts'
import { SHIPPED_ADVISORIES } from '../../../change/plan/advisory-data.ts'
import type { KnownAdvisories } from '../../../change/plan/notes.ts'
import { once } from '../../../model/once.ts'
import type { Project } from '../../files/project.ts'
import { problemText } from '../../system/process/input-error.ts'

const shipped = once(() => readAdvisories(SHIPPED_ADVISORIES, 'the shipped advisories'))

export function advisoriesOf({ settings, files }: Pick<Project, 'settings' | 'files'>): KnownAdvisories {
  const { advisories: file } = settings.plan
  if (file === undefined) return shipped()
  const content = files(file)
  return content === undefined ? { unread: `there is no file ${file}` } : readAdvisories(content, file)
}

function readAdvisories(content: string | Uint8Array, file: string): KnownAdvisories {
  const read = parseAdvisories(content, file)
  return read.ok ? read.value : { unread: problemText(read.problems[0]) }
}
