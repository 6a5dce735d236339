import { type Style, visibleLine } from '../text/text.ts'

/** What can be proven of an EOS version on a lab switch. */
export const PROOFS = ['replay', 'lock', 'owner', 'syntax'] as const

export type Proof = (typeof PROOFS)[number]

export interface ProofResult {
  readonly proof: Proof
  readonly holds: boolean
  readonly says: string
}

export interface Trial {
  readonly eos: string
  readonly proven: readonly ProofResult[]
  /** In one sentence how the switch differs from before; undefined where it was read back as it was. */
  readonly left: string | undefined
}

export interface LabSwitchResult {
  readonly device: string
  readonly trial?: Trial
  readonly failure?: string
}

/** What was proven on every switch, and the lines of `proven:` for the settings. */
export function proofText(tried: readonly LabSwitchResult[], style: Style): string {
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

function provenLines(tried: readonly LabSwitchResult[]) {
  const byVersion = new Map<string, Map<Proof, boolean>>()
  for (const { trial } of tried) {
    if (trial === undefined || trial.left !== undefined) continue
    const known = byVersion.get(trial.eos) ?? new Map<Proof, boolean>()
    // The syntax is of the project's workflows, and nothing that a setting could say of a version.
    for (const { proof, holds } of trial.proven.filter((one) => one.proof !== 'syntax'))
      known.set(proof, holds && known.get(proof) !== false)
    byVersion.set(trial.eos, known)
  }
  return [...byVersion]
    .filter(([, { size }]) => size > 0)
    .map(([eos, proofs]) => `  '${eos}': { ${[...proofs].map(([proof, holds]) => `${proof}: ${holds}`).join(', ')} }`)
}
