import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { read } from '../../../change/task/act/act.ts'
import { isSelected, runsOn } from '../../../eos/check/catalog-tags.ts'
import { type CatalogEntry, readCatalog } from '../../../eos/check/read-catalog.ts'
import { commandsOf, judgeAll } from '../../../eos/check/run.ts'
import type { Fleet } from '../../../eos/device/device.ts'
import { messageOf, problemOf } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import type { CheckResult } from '../../../report/check-results/formats.ts'
import { absentProblem } from '../../../text/source/files.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { CATALOG } from '../../files/catalog-file.ts'
import type { Caller } from '../../identity/caller-of.ts'
import type { Console } from '../../system/process/console.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError, orProblems } from '../../system/process/input-error.ts'
import { documentGiven } from '../../system/process/read-document.ts'
import { readersOf, withReaders } from '../connect/open-fleet.ts'
import { chosenDevices } from '../inventory/tell-warnings.ts'
import { snapshotNamed } from '../snapshot/snapshot-document.ts'
import { resultOf } from './try-check.ts'

interface SwitchVerification {
  readonly device: InventoryDevice
  readonly entries: readonly CatalogEntry[]
  // The state areas that a snapshot kept of it; empty without one.
  readonly baseline: Readonly<Record<string, Json>>
}

export interface VerifiedSwitch {
  readonly device: string
  readonly results: readonly CheckResult[]
  readonly failure?: unknown
}

// Asks each switch everything that its checks ask, each command once, and judges.
function judgeDevices(
  app: ProjectStore,
  caller: Console,
  fleet: Fleet,
  verifications: readonly SwitchVerification[],
): Promise<readonly VerifiedSwitch[]> {
  const readers = readersOf(app, caller, fleet)
  return Promise.all(
    verifications.map(async ({ device: { name }, entries, baseline }): Promise<VerifiedSwitch> => {
      const specs = entries.map(({ spec }) => spec)
      try {
        const { replies } = await read(readers, name, (device) => device.look(commandsOf(specs)))
        const now = app.clock.now() / 1000
        const judgements = await judgeAll(specs, replies, { device: name, now, baseline })
        const results = entries.map((entry, index) => resultOf(name, entry, judgements[index]?.verdict ?? UNJUDGED))
        return { device: name, results }
      } catch (failure) {
        if (caller.stop.aborted) throw failure
        const reason = messageOf(failure)
        const results = entries.map((entry) => resultOf(name, entry, { status: 'error', reason }))
        return { device: name, results, failure }
      }
    }),
  )
}

const UNJUDGED = { status: 'error', reason: 'it was not judged' } as const

interface CheckRequest {
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

export function nothing(message: string, hint: string) {
  return new InputError([problem(message, hint)])
}

function problem(message: string, hint: string) {
  return problemOf(CATALOG, 'nothing-to-check', message, hint)
}

// Between two rounds of a verification that is asked again, in seconds.
const PAUSE = 5

/** Asks switches and judges their checks, again and again until all is good, for at most `within` seconds. */
export async function verifySwitches(
  app: App,
  caller: Caller,
  verifications: readonly SwitchVerification[],
  within: number,
): Promise<readonly VerifiedSwitch[]> {
  const devices = verifications.map(({ device }) => device)
  await requireAllowed(app, caller, 'task.verify', { devices: devices.map(({ name }) => name) })
  return await withReaders(app, caller, devices, async ({ fleet }) => {
    const end = app.clock.monotonic() + within * 1000
    for (;;) {
      const verified = await judgeDevices(app, caller, fleet, verifications)
      const left = end - app.clock.monotonic()
      if (verified.every(isGood) || left <= 0) return verified
      await app.clock.sleep(Math.min(PAUSE * 1000, left), caller.stop)
    }
  })
}

export function isGood({ results }: VerifiedSwitch): boolean {
  return results.every(({ status }) => status === 'success' || status === 'skipped')
}
