import type { InventoryDevice } from '../../change/inventory/inventory.ts'
import {
  COMPLY_FILE,
  Excuses,
  exceptionProblems,
  PLAIN_RULES,
  readComplyFile,
} from '../../change/plan/comply/comply-file.ts'
import { sectionDifferences } from '../../eos/config/section-differences.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import { noFence } from '../../model/fence.ts'
import { problemOf } from '../../model/problem.ts'
import { requireAllowed } from '../../project/access/policy/authority.ts'
import type { App } from '../../project/app/app.ts'
import type { Project } from '../../project/files/project.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { openFleet } from '../../project/switches/connect/open-fleet.ts'
import { requireSwitchClocks } from '../../project/switches/connect/switch-clocks.ts'
import { trustRecord } from '../../project/switches/connect/trust-record.ts'
import { InputError, orProblems } from '../../project/system/process/input-error.ts'
import type { Compliance, SwitchCompliance } from '../../report/comply/comply.ts'
import { absentProblem } from '../../text/source/files.ts'
import { askSwitch, type ComparedTexts, modelled, shownExcuse, shownSection } from './compare-switch.ts'
import { type IntendedChange, type IntendedFrom, type IntendedSwitch, intendedChanges } from './intended-changes.ts'
import type { KnownSwitch } from './known-switches.ts'

export interface ComplyRequest extends IntendedFrom {
  readonly target?: string | undefined
  readonly known?: ((name: string) => KnownSwitch) | undefined
}

/** `heard` is called as each is done. Throws InputError for bad files, and as the policy does for `plan.create`. */
export async function comply(
  app: App,
  caller: Caller,
  { target, known, ...from }: ComplyRequest,
  heard: (done: number, all: number) => void = () => undefined,
): Promise<Compliance> {
  const { sectionOf, exceptions } = complyRules(app.project)
  const all = await intendedChanges(app, from, target)
  const devices = all.map(({ device }) => device)
  await requireAllowed(app, caller, 'plan.create', {
    devices: devices.map(({ name }) => name),
    ...definedMembers({ workflow: from.workflow }),
  })
  const excuses = new Excuses(exceptions, new Date(app.clock.now()).toISOString().slice(0, 10))
  const judge = (
    device: InventoryDevice,
    { source, change }: IntendedChange,
    texts: ComparedTexts,
  ): SwitchCompliance => {
    const sections = excuses
      .judged(device, sectionDifferences(texts.running, texts.intended, sectionOf))
      .map(shownSection)
    const state = sections.some(({ states }) => states.length > 0) ? 'differs' : 'compliant'
    return { name: device.name, state, source, by: texts.by, sections }
  }
  let done = 0
  const compared = (compare: (name: string, intended: IntendedChange) => Promise<ComparedTexts>) =>
    Promise.all(
      all.map(async ({ device, intended }): Promise<SwitchCompliance> => {
        const { name } = device
        try {
          if (intended === undefined) return { name, state: 'unknown' }
          if ('failure' in intended) throw intended.failure
          return judge(device, intended, await compare(name, intended))
        } catch (failure) {
          if (!(failure instanceof EosflowError) || ['store', 'bug'].includes(failure.kind)) throw failure
          return { name, state: 'unread', failure }
        } finally {
          done += 1
          heard(done, all.length)
        }
      }),
    )
  const switches =
    known === undefined
      ? await onSwitches(app, caller, all, compared)
      : await compared(async (name, intended) => modelled(known(name), intended.change))
  return {
    switches,
    exceptions: excuses.idle().map(({ exception, because: idle, lines }) => ({
      ...shownExcuse(exception),
      at: `${exception.at.file}:${exception.at.line}`,
      idle,
      lines,
    })),
  }
}

type Comparing = (
  compare: (name: string, intended: IntendedChange) => Promise<ComparedTexts>,
) => Promise<readonly SwitchCompliance[]>

async function onSwitches(app: App, caller: Caller, all: readonly IntendedSwitch[], compared: Comparing) {
  const asked = all.filter(({ intended }) => intended !== undefined).map(({ device }) => device)
  await app.clockRule?.require()
  await requireSwitchClocks(
    app,
    caller,
    asked.map(({ name }) => name),
  )
  const options = { record: trustRecord(app, caller), fence: noFence }
  const fleet = openFleet(app, caller, app.project.inventory(), asked, options)
  try {
    return await compared(async (name, intended) => {
      const claim = await app.claims.claim(`comply-${name}`)
      try {
        if (!(await claim.renew()))
          throw new EosflowError('busy', `${name} is compared by another process`, { device: name })
        return await askSwitch(app, caller, fleet, name, intended)
      } finally {
        await claim.release()
      }
    })
  } finally {
    await fleet.close()
  }
}

// Throws InputError for a file that is not good.
function complyRules({ files, stands, inventory }: Project) {
  const content = files(COMPLY_FILE)
  if (content !== undefined) {
    const rules = orProblems(readComplyFile(content, COMPLY_FILE))
    const problems = exceptionProblems(rules, inventory())
    if (problems.length > 0) throw new InputError(problems)
    return rules
  }
  if (stands(COMPLY_FILE))
    throw new InputError([absentProblem(files, COMPLY_FILE, problemOf(COMPLY_FILE, 'no-such-file', 'it is not there'))])
  return PLAIN_RULES
}
