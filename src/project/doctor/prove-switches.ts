import { seenFabric } from '../../change/inventory/seen-device.ts'
import { selectDevices } from '../../change/inventory/selector.ts'
import { judgedChange } from '../../change/plan/judged-change.ts'
import { sightIn } from '../../change/plan/readings.ts'
import { renderedChange } from '../../change/plan/rendered.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import { builtinTasks } from '../../change/task/builtin/index.ts'
import { compileWorkflow } from '../../change/workflow/compile.ts'
import { knownChecks } from '../../eos/check/builtin/known-checks.ts'
import { formsIn } from '../../eos/config/guard/forms-in.ts'
import { EosflowError } from '../../model/error.ts'
import { noFence } from '../../model/fence.ts'
import type { LabSwitchResult, Proof, Trial } from '../../report/doctor/proof.ts'
import { requireAllowed } from '../access/policy/authority.ts'
import { writeAllowed } from '../access/policy/write-allowed.ts'
import type { App } from '../app/app.ts'
import { workflowsIn } from '../files/files-of-project.ts'
import type { Project } from '../files/project.ts'
import type { Caller } from '../identity/caller.ts'
import { openFleet } from '../switches/connect/open-fleet.ts'
import { requireSwitchClocks } from '../switches/connect/switch-clocks.ts'
import { trustRecord } from '../switches/connect/trust-record.ts'
import { systemRandom } from '../system/machine/system-random.ts'
import { labSwitches } from './lab-switches.ts'
import { tryOut } from './try-out.ts'

/**
 * Tries on lab switches what `proven:` in the settings says of their EOS version, and whether they take the lines of the workflows, one switch after the other. Throws InputError for a
 * switch that is not marked `lab: true`, before anything is contacted.
 */
export async function proveSwitches(
  app: App,
  caller: Caller,
  proofs: readonly Proof[],
  target: string | undefined,
): Promise<readonly LabSwitchResult[]> {
  const inventory = app.project.inventory()
  const chosen = labSwitches(inventory, target)
  const names = chosen.map(({ name }) => name)
  const allowed = await requireAllowed(app, caller, 'task.push', { devices: names })
  await app.clockRule?.require()
  await requireSwitchClocks(app, caller, names)
  const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller), fence: noFence })
  const record = async (event: EventBody) => {
    await writeAllowed(app, caller, allowed, () => [event])
  }
  const forms = () => renderedForms(app.project)
  const tried: LabSwitchResult[] = []
  try {
    for (const name of names) {
      const id = (app.seams?.random ?? systemRandom).hex(4)
      tried.push(await triedOn(name, () => tryOut({ fleet, record, id, forms }, name, proofs)))
    }
    return tried
  } finally {
    await fleet.close()
  }
}

async function triedOn(device: string, work: () => Promise<Trial>): Promise<LabSwitchResult> {
  try {
    return { device, trial: await work() }
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind === 'store' || error.kind === 'bug') throw error
    return { device, failure: error.message }
  }
}

function renderedForms(project: Project) {
  const { files, policyPresent } = project
  const inventory = project.inventory()
  const sightOf = sightIn(inventory, seenFabric(inventory))
  const lines = workflowsIn(project.dir).flatMap((path) => {
    const compiled = compileWorkflow(files(path) ?? '', path, {
      files,
      checks: knownChecks,
      tasks: builtinTasks,
      policyPresent,
      judges: project.settings.judges,
    })
    if (!compiled.ok) return []
    const { targets, change, allow } = compiled.value
    const selected = selectDevices(targets.expression, inventory, targets.at)
    if (!selected.ok) return []
    const { rendered } = judgedChange(compiled.value, {}, selected.value.map(sightOf), files)
    return rendered.flatMap(({ lines }) => {
      const sent = renderedChange({ mode: change.mode, lines, file: path }, allow)
      return sent.ok && sent.value.unsettled === undefined ? formsIn(sent.value.lines, change.mode) : []
    })
  })
  return [...new Map(lines.map((one) => [one.form, one])).values()]
}
