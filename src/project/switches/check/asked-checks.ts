import { isSelected, runsOn } from '../../../eos/check/catalog-tags.ts'
import { type CatalogEntry, readCatalog } from '../../../eos/check/read-catalog.ts'
import { problemOf } from '../../../model/problem.ts'
import { absentProblem } from '../../../text/source/files.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import type { RecordApp } from '../../app/app.ts'
import { CATALOG } from '../../files/catalog-file.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError, orProblems } from '../../system/process/input-error.ts'
import { documentGiven } from '../../system/process/read-document.ts'
import { chosenDevices } from '../inventory/chosen-devices.ts'
import { snapshotNamed } from '../snapshot/snapshot-document.ts'
import type { SwitchVerification } from './judged-devices.ts'

export interface CheckRequest {
  readonly catalog?: string | undefined
  readonly tags: readonly string[]
  readonly only: readonly string[]
  readonly since?: string | undefined
  readonly target?: string | undefined
}

/** Throws InputError, also when nothing is left to verify. */
export async function askedChecks(
  app: RecordApp,
  { catalog, tags, only, since, target }: CheckRequest,
): Promise<readonly SwitchVerification[]> {
  const entries = narrowed(app, orProblems(readCatalog(catalogDocument(app, catalog))), tags, only)
  const snapshot = since === undefined ? undefined : await snapshotNamed(app, since)
  const verifications = chosenDevices(app.project.inventory(), target).flatMap(
    (device): readonly SwitchVerification[] => {
      const own = entries.filter(({ tags }) => runsOn(tags, device))
      const baseline = snapshot?.devices[device.name]?.state ?? {}
      return own.length === 0 ? [] : [{ device, entries: own, baseline }]
    },
  )
  if (verifications.length > 0) return verifications
  throw nothing(
    'no check of the catalog applies to any of these switches',
    app.words({ code: 'choose-checks-and-switches' }),
  )
}

function catalogDocument(app: RecordApp, path: string | undefined) {
  if (path !== undefined) return documentGiven(app, path)
  const { project } = app
  const content = project.files(CATALOG)
  if (content === undefined) {
    const hint = app.words({ code: 'name-catalog' })
    throw new InputError([absentProblem(project.files, CATALOG, problem(`the project has no ${CATALOG}`, hint))])
  }
  return orProblems(readYaml(content, CATALOG))
}

function narrowed(
  { words }: WordedHost,
  entries: readonly CatalogEntry[],
  tags: readonly string[],
  only: readonly string[],
) {
  const unknown = only.filter((name) => !entries.some(({ spec }) => spec.name === name))
  if (unknown.length > 0)
    throw nothing(`the catalog has no check ${unknown.join(', ')}`, words({ code: 'choose-checks' }))
  return entries.filter(
    (entry) => isSelected(entry.tags, tags) && (only.length === 0 || only.includes(entry.spec.name)),
  )
}

function nothing(message: string, hint: string) {
  return new InputError([problem(message, hint)])
}

function problem(message: string, hint: string) {
  return problemOf(CATALOG, 'nothing-to-check', message, hint)
}
