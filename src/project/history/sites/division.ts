import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { taggedPairs } from '../../../change/plan/redundancy.ts'
import { EosflowError } from '../../../model/error.ts'
import { problemOf } from '../../../model/problem.ts'
import type { RecordApp } from '../../app/app.ts'
import { siteOfSwitch } from '../../app/dispatch/site-of.ts'
import { InputError } from '../../system/process/input-error.ts'

interface Asked {
  readonly purpose: 'plan' | 'run'
  readonly prepared: PreparedChange
  readonly plan?: Plan
  readonly skipUnreachable?: boolean
  readonly emergency?: object
}

/** Throws InputError where it would be, and cannot be meant so. */
export function isDivided(app: Pick<RecordApp, 'dispatch'>, beginning: Asked): boolean {
  const { purpose, prepared, plan, skipUnreachable, emergency } = beginning
  if (app.dispatch === undefined || purpose !== 'run' || prepared.workflow.rollout.sites === undefined) return false
  if (switchesBySite(prepared).size < 2) return false
  const refused: readonly (string | false)[] = [
    plan !== undefined && 'a saved plan cannot be divided: each site plans its own switches. Run the workflow.',
    skipUnreachable === true && 'no switch is left out of a change that several sites make together',
    emergency !== undefined && 'the glass is broken for one execution, and each site has its own',
    ...apart(prepared),
  ]
  const problems = refused.flatMap((message) =>
    message === false
      ? []
      : [problemOf(prepared.workflow.file, 'sites-together', message, 'Or change the switches of one site alone.')],
  )
  if (problems.length > 0) throw new InputError(problems)
  return true
}

/** The switches of a change by the site whose workers reach them, both in the order of the inventory. */
export function switchesBySite({ devices }: Pick<PreparedChange, 'devices'>): ReadonlyMap<string, readonly string[]> {
  const sites = new Map<string, string[]>()
  for (const device of devices) {
    const site = siteOfSwitch(device)
    sites.set(site, [...(sites.get(site) ?? []), device.name])
  }
  return sites
}

/** Throws `stale` where the inventory would have redundant switches changed at the same time by now: sites may have other names since the beginning. */
export function requireApart(prepared: PreparedChange): void {
  const [first] = apart(prepared)
  if (first === undefined) return
  throw new EosflowError('stale', first, { hint: 'Run the workflow again.' })
}

// Redundant switches are never changed at the same time, and sites are.
function apart({ devices, rollout }: PreparedChange) {
  if (rollout.together) return []
  const sites = new Map(devices.map((device) => [device.name, siteOfSwitch(device)]))
  return taggedPairs(Object.entries(rollout.redundant))
    .filter(({ pair: [a, b] }) => sites.get(a) !== sites.get(b))
    .map(({ pair: [a, b] }) => `${a} and ${b} are redundant, and of two sites: they would be changed at the same time`)
}
