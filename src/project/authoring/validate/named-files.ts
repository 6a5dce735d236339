import type { Inventory } from '../../../change/inventory/inventory.ts'
import type { DeviceTarget, Hop } from '../../../eos/device/transport.ts'
import type { Problem } from '../../../model/problem.ts'
import type { Project } from '../../files/project.ts'
import { isInProject } from '../../files/project-text.ts'
import type { Settings } from '../../files/settings/settings.ts'
import { targetOf } from '../../plan/definition/definition-of.ts'

export function filesOfSettings({ http, secrets }: Settings): readonly string[] {
  return named([...(http?.hosts ?? []).map(({ ca }) => ca), secrets.vault?.ca])
}

/** Without `isMeant` all but those that are written at first sight, which may not be there yet. */
export function filesOfInventory(
  { devices, credentials }: Inventory,
  isMeant: (proof: ProofFile) => boolean = isThereBefore,
): readonly string[] {
  const ways = devices.flatMap((device) => [targetOf(device), ...('fallback' in device ? [device.fallback] : [])])
  const hops = devices.flatMap(({ via = [] }) => via)
  const proofs = [...ways, ...hops].flatMap((way) => (way === undefined ? [] : proofFiles(way).filter(isMeant)))
  return named([...proofs.map(({ file }) => file), ...Object.values(credentials).map(({ certificate }) => certificate)])
}

/** `at`: the file with that text. */
export function absentNames(
  files: readonly string[],
  at: string,
  content: string | Uint8Array,
  project: Project,
): readonly Problem[] {
  const lines = Buffer.from(content).toString('utf8').split('\n')
  return files
    .filter((file) => !project.stands(file))
    .map((file) => {
      const line = Math.max(
        0,
        lines.findIndex((text) => text.includes(file)),
      )
      const column = Math.max(0, lines[line]?.indexOf(file) ?? 0)
      return {
        code: 'no-such-file',
        message: `there is no file \`${file}\` in the project`,
        at: { file: at, line: line + 1, column: column + 1 },
        hint: 'Check the path, which is from the folder of the project.',
      }
    })
}

function named(files: readonly (string | undefined)[]) {
  return [...new Set(files.filter((file) => file !== undefined))].filter(isInProject)
}

function proofFiles(target: DeviceTarget | Hop) {
  return Object.values(target).flatMap((value) => (typeof value === 'object' && 'file' in value ? [value] : []))
}

type ProofFile = ReturnType<typeof proofFiles>[number]

function isThereBefore(proof: ProofFile) {
  return proof.mode === 'ca' || ('strict' in proof && proof.strict === true)
}
