import { conformanceText, type KitResult } from '../../../features/conformance/conformance.ts'
import { tryConformance } from '../../../features/conformance/try-conformance.ts'
import { definedMembers } from '../../../model/json.ts'
import { examine } from '../../../project/doctor/examine.ts'
import { proveSwitches } from '../../../project/doctor/try-out.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import type { DoctorSection, Point } from '../../../report/doctor/examination.ts'
import { type LabSwitchResult, PROOFS, type Proof, proofText } from '../../../report/doctor/proof.ts'
import { doctorText, healthsIn } from '../../../report/doctor/text.ts'
import { commandRights } from '../../../report/rights/command-rights.ts'
import { rightsText } from '../../../report/rights/text.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import { workflowTests } from '../option/workflow-tests.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { withApp } from '../terminal/compose.ts'
import { asTyped, type Invocation, type Io } from '../terminal/io.ts'

/** With `--prove` it tries things on lab switches instead, with `--conformance` it runs the conformance kit on them, and with `--rights` it prints what an AAA role needs. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global, options } = invocation
  if (options.rights === true) return printRights(invocation)
  if (options.conformance === true) return conformance(invocation)
  requireConformance(options)
  if (options.prove !== undefined) return prove(invocation)
  const sections = await examine({
    host: io,
    caller: io,
    place: global,
    insecureTls: global.insecureTls,
    tests: workflowTests,
    node: process.versions.node,
    target: text(options.target),
  })
  const code = healthsIn(sections).includes('failed') ? 10 : 0
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'doctor', sections, exitCode: code })}\n`
      : `${doctorText(typedMends(sections, io), styleOf(io), { all: options.all === true })}\n`,
  )
  const bad = sections.filter((section) => healthsIn([section]).includes('failed'))
  const failed = bad.flatMap(({ device }) => device ?? [])
  // What is wrong with a file or the store is looked at again with everything.
  if (failed.length > 0 && failed.length === bad.length)
    sayRepeat(invocation, { failed, of: sections.filter(({ device }) => device !== undefined).length })
  else if (!global.json) io.out(`Next: ${code === 0 ? goodNext(sections) : 'eosflow doctor'}\n`)
  return code
}

function typedMends(sections: readonly DoctorSection[], io: Io): readonly DoctorSection[] {
  const typed = (point: Point) => (point.mend === undefined ? point : { ...point, mend: asTyped(point.mend, io) })
  return sections.map((section) => ({ ...section, points: section.points.map(typed) }))
}

function goodNext(sections: readonly DoctorSection[]): string {
  const project = sections.find(({ title }) => title === 'Project')
  const isThere = project?.points.some(({ health }) => health !== 'skipped') ?? true
  return isThere ? 'eosflow executions' : 'eosflow init'
}

function printRights({ io, global }: Invocation) {
  const rights = commandRights()
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'rights', rights })}\n` : `${rightsText(rights)}\n`)
  return 0
}

async function prove(invocation: Invocation) {
  const { io, options, global } = invocation
  const proofs = proofsIn(options.prove)
  return withApp(invocation, async ({ app, caller }) => {
    const switches = await proveSwitches(app, caller, proofs, text(options.target))
    const exitCode = exitCodeOf(switches)
    const document = { version: 1, kind: 'doctor-prove', switches, exitCode }
    io.out(global.json ? `${JSON.stringify(document)}\n` : `${proofText(switches, styleOf(io))}\n`)
    const failed = switches.flatMap(({ device, failure }) => (failure === undefined ? [] : [device]))
    sayRepeat(invocation, { failed, of: switches.length })
    return exitCode
  })
}

async function conformance(invocation: Invocation) {
  const { io, options, global } = invocation
  const [target, record] = [text(options.target), text(options.record)]
  return withApp(invocation, async ({ app, caller }) => {
    const switches = await tryConformance(app, caller, {
      disruptive: options.disruptive === true,
      ...definedMembers({ target, record }),
    })
    const exitCode = exitCodeOfKit(switches)
    const document = { version: 1, kind: 'doctor-conformance', switches, exitCode }
    io.out(global.json ? `${JSON.stringify(document)}\n` : `${conformanceText(switches, styleOf(io))}\n`)
    const failed = switches.flatMap(({ device, failure }) => (failure === undefined ? [] : [device]))
    sayRepeat(invocation, { failed, of: switches.length })
    return exitCode
  })
}

function exitCodeOfKit(tried: readonly KitResult[]): number {
  if (tried.some(({ run, remains }) => run !== undefined && remains?.length !== 0)) return 7
  return tried.some(({ failure }) => failure !== undefined) ? 10 : 0
}

function requireConformance({ record, disruptive }: Invocation['options']) {
  const given = record === undefined ? (disruptive === true ? '--disruptive' : undefined) : '--record'
  if (given === undefined) return
  throw inputError(given, 'bad-usage', `\`${given}\` is of \`--conformance\``, 'Add --conformance.')
}

function exitCodeOf(tried: readonly LabSwitchResult[]): number {
  if (tried.some(({ trial }) => trial?.left !== undefined)) return 7
  return tried.some(({ failure }) => failure !== undefined) ? 10 : 0
}

function proofsIn(given: unknown): readonly Proof[] {
  const words = String(given).split(',')
  const unknown = words.filter((word) => !PROOFS.some((proof) => proof === word))
  if (unknown.length === 0) return PROOFS.filter((proof) => words.includes(proof))
  throw inputError(
    '--prove',
    'unknown-proof',
    `\`${unknown.join(', ')}\` cannot be proven`,
    `there are: ${PROOFS.join(', ')}`,
  )
}
