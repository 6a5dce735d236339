import type { Verification } from '../../app/check/judged-devices.ts'
import { chosenDevices } from '../../app/chosen-devices.ts'
import { InputError, orProblems } from '../../app/input-error.ts'
import { snapshotNamed } from '../../app/snapshot-document.ts'
import { isSelected, runsOn } from '../../check/catalog-tags.ts'
import { type CatalogEntry, readCatalog } from '../../check/read-catalog.ts'
import { type Problem, problemOf } from '../../model/problem.ts'
import { absentProblem } from '../../source/files.ts'
import type { Located } from '../../source/located.ts'
import { readYaml } from '../../source/yaml.ts'
import type { CommandContext } from '../compose.ts'
import { readDocument } from '../read-document.ts'
import { CATALOG } from './catalog-file.ts'

/** Which checks are asked of which switches: the catalog as the flags narrow it. Throws InputError, also when nothing is left to verify. */
export async function askedChecks(context: CommandContext): Promise<readonly Verification[]> {
  const { app, invocation } = context
  const { project } = app
  const { options } = invocation
  const entries = narrowed(orProblems(readCatalog(catalogDocument(context))), options)
  const snapshot = typeof options.since === 'string' ? await snapshotNamed(app, options.since) : undefined
  const verifications = chosenDevices(project.inventory(), options.target).flatMap(
    (device): readonly Verification[] => {
      const own = entries.filter(({ tags }) => runsOn(tags, device))
      const baseline = snapshot?.devices[device.name]?.state ?? {}
      return own.length === 0 ? [] : [{ device, entries: own, baseline }]
    },
  )
  if (verifications.length > 0) return verifications
  throw nothing(
    'no check of the catalog applies to any of these switches',
    'Look at its tags, at -t, --tags and --only.',
  )
}

function catalogDocument({ app: { project }, invocation: { io, args } }: CommandContext): Located {
  const [path] = args
  if (path !== undefined) return readDocument(io, path)
  const content = project.files(CATALOG)
  if (content === undefined) {
    const hint = 'Write one, or name a catalog: eosflow check run catalog.yaml'
    throw new InputError([absentProblem(project.files, CATALOG, problem(`the project has no ${CATALOG}`, hint))])
  }
  return orProblems(readYaml(content, CATALOG))
}

function narrowed(
  entries: readonly CatalogEntry[],
  { tags, only }: Readonly<Record<string, unknown>>,
): readonly CatalogEntry[] {
  const asked = typeof tags === 'string' ? tags.split(',').map((tag) => tag.trim()) : []
  const names = Array.isArray(only) ? only.map(String) : []
  const unknown = names.filter((name) => !entries.some(({ spec }) => spec.name === name))
  if (unknown.length > 0) throw nothing(`the catalog has no check ${unknown.join(', ')}`, 'Look at --only.')
  return entries.filter(
    (entry) => isSelected(entry.tags, asked) && (names.length === 0 || names.includes(entry.spec.name)),
  )
}

function nothing(message: string, hint: string): InputError {
  return new InputError([problem(message, hint)])
}

function problem(message: string, hint: string): Problem {
  return problemOf(CATALOG, 'nothing-to-check', message, hint)
}
