import { chosenDevices } from '../../app/chosen-devices.ts'
import { requireSwitchClocks } from '../../app/clock/switch-clocks.ts'
import { InputError } from '../../app/input-error.ts'
import { openFleet } from '../../app/open-fleet.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { trustRecord } from '../../app/trust/trust-record.ts'
import type { Inventory, InventoryDevice } from '../../inventory/inventory.ts'
import { EosflowError } from '../../model/error.ts'
import { noFence } from '../../model/fence.ts'
import { problemOf } from '../../model/problem.ts'
import { colored, plain, type Style } from '../../report/style.ts'
import { visibleLine } from '../../report/visible.ts'
import { systemRandom } from '../../system/system-random.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'
import { PROOFS, type Proof, type Trial, tryOut } from './prove.ts'

interface Tried {
  readonly device: string
  readonly trial?: Trial
  readonly failure?: string
}

/**
 * Tries on lab switches what `proven:` in the settings says of their EOS version, one switch after the other, and prints the lines for
 * it; a person commits them. Throws InputError for a switch that is not marked `lab: true`, before anything is contacted.
 */
export async function proveSwitches(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  const proofs = proofsIn(options.prove)
  return withApp(invocation, async ({ app, caller }) => {
    const inventory = app.project.inventory()
    const chosen = labSwitches(inventory, options.target)
    await requireAllowed(app, caller, 'task.push', { devices: chosen.map(({ name }) => name) })
    await app.clockRule?.require()
    await requireSwitchClocks(
      app,
      caller,
      chosen.map(({ name }) => name),
    )
    const fleet = openFleet(app, caller, inventory, chosen, {
      record: trustRecord(app, caller),
      fence: noFence,
    })
    const tried: Tried[] = []
    try {
      for (const { name } of chosen) {
        const id = (io.seams?.random ?? systemRandom).hex(4)
        const record = async (event: Parameters<Parameters<typeof tryOut>[0]['record']>[0]): Promise<void> => {
          await app.journalAs(caller.principal).append(undefined, [event])
        }
        tried.push(await triedOn(name, () => tryOut({ fleet, record, id }, name, proofs)))
      }
    } finally {
      await fleet.close()
    }
    const code = exitCodeOf(tried)
    if (global.json)
      io.out(`${JSON.stringify({ version: 1, kind: 'doctor-prove', switches: tried, exitCode: code })}\n`)
    else io.out(`${proofText(tried, io.color ? colored : plain)}\n`)
    return code
  })
}

async function triedOn(device: string, work: () => Promise<Trial>): Promise<Tried> {
  try {
    return { device, trial: await work() }
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind === 'store' || error.kind === 'bug') throw error
    return { device, failure: error.message }
  }
}

/** A switch that is not as it was needs a person. */
function exitCodeOf(tried: readonly Tried[]): number {
  if (tried.some(({ trial }) => trial?.left !== undefined)) return 7
  return tried.some(({ failure }) => failure !== undefined) ? 10 : 0
}

function proofsIn(given: unknown): readonly Proof[] {
  const words = String(given).split(',')
  const unknown = words.filter((word) => !PROOFS.some((proof) => proof === word))
  if (unknown.length === 0) return PROOFS.filter((proof) => words.includes(proof))
  throw new InputError([
    problemOf(
      '--prove',
      'unknown-proof',
      `\`${unknown.join(', ')}\` cannot be proven`,
      `there are: ${PROOFS.join(', ')}`,
    ),
  ])
}

function labSwitches(inventory: Inventory, target: unknown): readonly InventoryDevice[] {
  const marked = inventory.devices.filter(({ lab }) => lab === true)
  const chosen = typeof target === 'string' ? chosenDevices(inventory, target) : marked
  const others = chosen.filter(({ lab }) => lab !== true)
  if (chosen.length > 0 && others.length === 0) return chosen
  const which = others.map(({ name }) => `\`${name}\``).join(', ')
  throw new InputError([
    problemOf(
      inventory.file,
      'not-a-lab',
      others.length === 0 ? 'no switch is marked `lab: true`' : `not marked \`lab: true\`: ${which}`,
      'things are tried only on switches that nobody needs; mark one of them in the inventory',
    ),
  ])
}

function proofText(tried: readonly Tried[], style: Style): string {
  const rows = tried.flatMap(({ device, trial, failure }) => {
    if (trial === undefined) return [style.bad(visibleLine(`✖ ${device}: ${failure ?? 'not tried'}`))]
    const left =
      trial.left === undefined
        ? style.good(visibleLine(`  ${device} was read back as it was`))
        : style.bad(visibleLine(`? ${device} is not as it was: ${trial.left}`))
    const proven = trial.proven.map(({ proof, holds, says }) => {
      const line = visibleLine(`${holds ? '✔' : '✖'} ${device}, EOS ${trial.eos}: ${proof}: ${says}`)
      return holds ? style.good(line) : style.bad(line)
    })
    return [...proven, left]
  })
  const lines = provenLines(tried)
  if (lines.length === 0) return rows.join('\n')
  return [...rows, '', 'For eosflow.yaml, after you have read this:', 'proven:', ...lines].join('\n')
}

/** What holds on every switch of a version that was tried, and was left as it was. */
function provenLines(tried: readonly Tried[]): readonly string[] {
  const byVersion = new Map<string, Map<Proof, boolean>>()
  for (const { trial } of tried) {
    if (trial === undefined || trial.left !== undefined) continue
    const known = byVersion.get(trial.eos) ?? new Map<Proof, boolean>()
    for (const { proof, holds } of trial.proven) known.set(proof, holds && known.get(proof) !== false)
    byVersion.set(trial.eos, known)
  }
  return [...byVersion].map(
    ([eos, proofs]) => `  '${eos}': { ${[...proofs].map(([proof, holds]) => `${proof}: ${holds}`).join(', ')} }`,
  )
}
