import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'
import { percent } from '../../input/numbers.ts'
import { printedDecimals, printedFloat } from '../../printed-number.ts'

const SHOW_FILE_SYSTEMS: Command = { cmd: 'show file systems', revision: 1 }

/** Asked through the active supervisor, the other one prints its JSON as text. */
const SHOW_PEER_FILE_SYSTEMS: Command = { cmd: 'session peer-supervisor show file systems | json', revision: 1 }

const fileSystems = () =>
  z.object({
    fileSystems: z.array(z.object({ prefix: z.string(), size: z.number().optional(), free: z.number().optional() })),
  })

type FileSystems = z.output<ReturnType<typeof fileSystems>>['fileSystems']

/** The limit where a catalog gives none. ANTA prints it as its documentation writes it, and a given one as a float. */
const USUAL = 70

/**
 * The flash drive has room, of the other supervisor too if that is asked for. ANTA's documentation names the peer supervisor
 * and not the command that asks it; the recorded answers are JSON printed as text. `session peer-supervisor` is how EOS
 * runs a command there; on a switch it is unproven (docs/unproven.md).
 */
export const verifyFlashUtilization = defineVerify({
  name: 'VerifyFlashUtilization',
  categories: ['hardware'],
  summary: 'Verifies that the flash drive has enough room.',
  docs: 'Passes when no more of the flash drive is used than is allowed. With `check_peer_supervisor` the drive of the standby supervisor is verified too.',
  example: { max_utilization: 70, check_peer_supervisor: true },
  input: () =>
    z.strictObject({
      max_utilization: percent().optional().describe(`Percent of the flash drive that may be used. Default ${USUAL}.`),
      check_peer_supervisor: z.boolean().default(false).describe('Whether to verify the standby supervisor too.'),
    }),
  commands: ({ check_peer_supervisor }) => [
    SHOW_FILE_SYSTEMS,
    ...(check_peer_supervisor ? [SHOW_PEER_FILE_SYSTEMS] : []),
  ],
  answers: () => [fileSystems(), z.object({ output: z.unknown() }).optional()],
  judge: ({ max_utilization, check_peer_supervisor }, [active, peer]) => {
    const faults = (supervisor: string, systems: FileSystems | undefined): readonly string[] => {
      const fault = flashFault(systems, max_utilization)
      if (fault === undefined) return []
      return [check_peer_supervisor ? `${supervisor} - ${fault}` : fault]
    }
    return passUnless([
      ...faults('Active Supervisor', active.fileSystems),
      ...(check_peer_supervisor ? faults('Standby Supervisor', fileSystemsIn(peer?.output)) : []),
    ])
  },
})

function flashFault(systems: FileSystems | undefined, given: number | undefined): string | undefined {
  if (systems === undefined) return 'Failed to parse command output'
  const flash = systems.find(({ prefix }) => prefix === 'flash:')
  if (flash?.size === undefined || flash.size <= 0 || flash.free === undefined) return 'Flash not found'
  const used = ((flash.size - flash.free) / flash.size) * 100
  if (used <= (given ?? USUAL)) return undefined
  const limit = given === undefined ? String(USUAL) : printedFloat(given)
  return `Flash utilization is above the threshold - Expected: <= ${limit}% Actual: ${printedDecimals(used, 2)}%`
}

function fileSystemsIn(printed: unknown): FileSystems | undefined {
  if (typeof printed !== 'string') return undefined
  try {
    return fileSystems().safeParse(JSON.parse(printed)).data?.fileSystems
  } catch {
    return undefined
  }
}
