import { z } from 'zod'
import type { Command } from '../../../../model/command.ts'
import { givenJson } from '../../../../model/given-json.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { printedDecimals, printedFloat } from '../../answer/printed-number.ts'
import { MissingMember, told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { percent } from '../../input/numbers.ts'

const SHOW_FILE_SYSTEMS: Command = { cmd: 'show file systems', revision: 1 }

/** Asked through the active supervisor, the other one prints its JSON as text. */
const SHOW_PEER_FILE_SYSTEMS: Command = { cmd: 'session peer-supervisor show file systems | json', revision: 1 }

const fileSystems = () =>
  told({ fileSystems: z.array(told({ prefix: z.string().optional(), size: z.number(), free: z.number() })) })

type FileSystems = z.output<ReturnType<typeof fileSystems>>

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
  answers: () => [
    fileSystems(),
    z.object({ output: z.union([z.string(), z.looseObject({}), z.array(z.unknown())]).optional() }).optional(),
  ],
  judge: ({ max_utilization, check_peer_supervisor }, [active, peer]) => {
    if (!check_peer_supervisor) return passUnless(flashFaults(active, max_utilization))
    return passUnless([
      ...flashFaults(active, max_utilization).map((fault) => `Active Supervisor - ${fault}`),
      ...peerFaults(peer?.output, max_utilization).map((fault) => `Standby Supervisor - ${fault}`),
    ])
  },
})

function flashFaults(systems: FileSystems, given: number | undefined): readonly string[] {
  const flash = systems.fileSystems.find(({ prefix }) => prefix?.toLowerCase() === 'flash:')
  if (flash === undefined) return ['Flash not found']
  const { free, size } = flash
  if (size === 0) return ['Flash reported a size of 0']
  const used = Number(printedDecimals(100 - (free / size) * 100, 2))
  if (used <= (given ?? USUAL)) return []
  const limit = given === undefined ? String(USUAL) : printedFloat(given)
  return [`Flash utilization above threshold - Expected: <= ${limit}% Actual: ${printedFloat(used)}%`]
}

/** What the other supervisor prints is JSON as text. Where it is none, or lacks something, that is its fault and no error. */
function peerFaults(output: unknown, given: number | undefined): readonly string[] {
  const unread = (why: string) => [`Failed to parse command output - ${why}`]
  if (output === undefined) return unread("'output'")
  if (typeof output !== 'string') {
    return unread(`the JSON object must be str, bytes or bytearray, not ${Array.isArray(output) ? 'list' : 'dict'}`)
  }
  try {
    const read = fileSystems().safeParse(givenJson(output))
    return read.success ? flashFaults(read.data, given) : unread('another type')
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return unread('it is no JSON')
    if (thrown instanceof MissingMember) return unread(`'${thrown.member}'`)
    throw thrown
  }
}
